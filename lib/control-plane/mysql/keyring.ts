import { mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { instancePaths, type MysqlInstance } from './instance.ts';
import type { MysqlRuntime } from './runtime.ts';

const KEYRING_COMPONENT = 'component_keyring_file';

/** mysqld as it is to be run for one instance. */
export interface MysqldProgram {
  file: string;
  /** To put before mysqld's own options. */
  args: string[];
  pluginDirectory: string;
}

/**
 * mysqld finds its keyring by files beside its program and in its plug-in folder (MySQL's manual, "Keyring Component
 * Installation"), which belong to the machine's MySQL, not to us. So each instance has folders of its own with links to
 * the program and the plug-ins, and those files among them. Made anew at each start, since the runtime may have changed.
 */
export async function keyringProgram(runtime: MysqlRuntime, instance: MysqlInstance): Promise<MysqldProgram> {
  const { file, args } = runtime.command('mysqld');
  const folder = join(instance.folder, 'program');
  const fresh = `${folder}.new`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(join(fresh, 'plugins'), { recursive: true, mode: 0o755 });

  const original = [file, ...args].find((part) => basename(part) === 'mysqld');
  if (!original) throw new Error(`${runtime.basedir} has no mysqld to link to.`);
  await symlink(original, join(fresh, 'mysqld'));
  const plugins = await readdir(runtime.pluginDirectory);
  await Promise.all(
    plugins
      .filter((name) => name.endsWith('.so'))
      .map((name) => symlink(join(runtime.pluginDirectory, name), join(fresh, 'plugins', name))),
  );
  await writeFile(join(fresh, 'mysqld.my'), JSON.stringify({ components: `file://${KEYRING_COMPONENT}` }));
  await writeFile(
    join(fresh, 'plugins', `${KEYRING_COMPONENT}.cnf`),
    JSON.stringify({ path: instancePaths(instance).keyringFile, read_only: false }),
  );

  await rm(folder, { recursive: true, force: true });
  await rename(fresh, folder);
  const linked = (part: string) => (part === original ? join(folder, 'mysqld') : part);
  return { file: linked(file), args: args.map(linked), pluginDirectory: join(folder, 'plugins') };
}
