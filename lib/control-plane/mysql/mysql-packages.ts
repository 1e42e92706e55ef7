import { downloadDebianPackages } from './debian-packages.ts';
import {
  choosePackages,
  packageNames,
  parseMadison,
  readOsRelease,
  type OsRelease,
  type PackageNames,
} from './machine-packages.ts';
import { firstErrors, writeApt } from './private-apt.ts';
import { failureText, type RunProgram } from './run-program.ts';

/** In Debian's unstable suite. */
const DEBIAN_PACKAGES = ['mysql-server-core', 'mysql-client-core'];

interface From {
  run: RunProgram;
  aptFolder: string;
  system?: OsRelease;
  onProgress: (line: string) => void;
}

/**
 * Downloads MySQL's server and client, and all that they depend on, into `<apt>/cache/archives`: from the machine's own
 * sources where its distribution has a MySQL that is new enough, otherwise from Debian's unstable suite.
 *
 * @throws {Error} one message that says what to do.
 */
export async function downloadMysqlPackages(apt: string, { system = readOsRelease(), ...from }: From): Promise<void> {
  const names = packageNames(system);
  const own = names && (await downloadFromOwnSources(apt, names, { ...from, system }));
  if (own === 'downloaded') return;
  try {
    await downloadDebianPackages(apt, DEBIAN_PACKAGES, from);
  } catch (cause) {
    throw new Error([own, (cause as Error).message].filter(Boolean).join(' '), { cause });
  }
}

/** @returns otherwise a sentence that says what is there instead. */
async function downloadFromOwnSources(
  apt: string,
  names: PackageNames,
  { run, aptFolder, system: { name }, onProgress }: Required<From>,
): Promise<string> {
  const { stdout: architecture } = await run('dpkg', ['--print-architecture']);
  const conf = writeApt(apt, { architecture: architecture.trim(), sourceList: undefined, aptFolder });
  onProgress(`Reading the package lists of ${name}`);
  // One of many sources that does not answer must not keep the others from being asked.
  const fault = await run('apt-get', [...conf, 'update'], { timeoutMilliseconds: 300_000 }).then(
    () => undefined,
    (failure) => firstErrors(failureText(failure)),
  );
  const asked = [...names.choices.flat(), ...names.tooOld];
  const { stdout } = await run('apt-cache', [...conf, 'madison', ...asked]);
  const chosen = choosePackages(names, parseMadison(stdout));
  if (!chosen.packages) {
    const what = chosen.tooOld ? `MySQL ${chosen.tooOld}, which is too old` : 'no MySQL';
    return `The archive of ${name} has ${what}${fault ? ` (${fault})` : ''}.`;
  }
  onProgress(`Downloading ${chosen.packages.join(', ')}`);
  try {
    await run('apt-get', [...conf, 'install', '--download-only', ...chosen.packages], {
      timeoutMilliseconds: 1_800_000,
    });
  } catch (failure) {
    return `The archive of ${name} did not give ${chosen.packages.join(', ')}: ${firstErrors(failureText(failure))}.`;
  }
  return 'downloaded';
}
