/** Runtimes of a test's own: copies of the machine's one, which look as if they had come later. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../config.ts';
import { homePaths } from '../home.ts';
import { privateRuntimes, writeRuntimeFile } from '../mysql/runtime.ts';

export class TestRuntimes {
  /** Beside the machine's own, so that files can be linked. */
  readonly folder: string;
  readonly #source: { id: string; folder: string };

  private constructor(runtimesFolder: string, id: string, folder = mkdtempSync(join(runtimesFolder, '.test-'))) {
    this.#source = { id, folder: join(runtimesFolder, id) };
    this.folder = folder;
    // mysqld's user passes through it.
    execFileSync('chmod', ['0755', this.folder]);
  }

  /** Undefined where the machine has no private runtime that could be copied. */
  static of({ home, runtimesFolder } = readConfig()): TestRuntimes | undefined {
    const { runtimesFolder: folder } = homePaths(home, runtimesFolder);
    const [found] = privateRuntimes(folder).filter(({ source }) => source === 'debian');
    return found && new TestRuntimes(folder, found.id);
  }

  /** Those that another process has made, with one of them at least. */
  static in(folder: string): TestRuntimes {
    return new TestRuntimes(folder, privateRuntimes(folder)[0]!.id, folder);
  }

  /**
   * Another build of the same version; one that was registered later is the newer.
   *
   * @param series offered as that, where no MySQL of another series is on this machine.
   */
  register(name: string, registeredAt: number, series?: string): void {
    const place = join(this.folder, name);
    mkdirSync(place, { mode: 0o755 });
    execFileSync('cp', ['-al', join(this.#source.folder, 'usr'), place]);
    writeRuntimeFile(place, {
      source: 'debian',
      basedir: 'usr',
      registeredAt: new Date(registeredAt).toISOString(),
      ...(series && { series }),
    });
  }

  /** It is on this machine no more. */
  remove(name: string): void {
    rmSync(join(this.folder, name), { recursive: true });
  }

  removeAll(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
