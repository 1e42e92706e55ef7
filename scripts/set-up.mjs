// Everything that a fresh machine lacks, each step done only where it is missing, so that a second start takes
// seconds and an interrupted set-up continues.
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { foreignEnvironment, modules, node, root, run, say, SetUpError } from './steps.mjs';

const NODE_MAJOR = 24;
/** npm's own waits would leave somebody who is offline without a word for more than a minute. */
const RETRIES = ['--fetch-retries=3', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=8000'];

/** Dependencies, when what is installed is not what package-lock.json says; then our own Node. */
export async function setUpDependencies() {
  if (!dependenciesComplete()) {
    say('Installing dependencies (a few minutes the first time)');
    // Not `npm install`, which would take a package that an interrupted run left half written as it is.
    const { code } = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error', ...RETRIES], {
      env: foreignEnvironment,
    });
    if (code === 127) {
      throw new SetUpError('npm was not found. Install Node.js 18 or newer together with npm, and start again.');
    }
    if (code !== 0) {
      throw new SetUpError(
        'npm could not install the dependencies (above it says why). Is this machine online? Start again to continue.',
      );
    }
  }
  if ((await nodeMajor()) !== NODE_MAJOR) await repairNode();
}

/** Whether every package of package-lock.json is there in its version, by the list that npm writes when it is done. */
function dependenciesComplete() {
  const installedFile = join(modules, '.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  return Object.entries(wanted).every(([path, { version, optional, devOptional, peer }]) => {
    if (path === '') return true;
    // What is for other systems only, or asked for by nobody, npm leaves out.
    if (!installed[path]) return Boolean(optional || devOptional || peer);
    return installed[path].version === version && existsSync(join(root, path, 'package.json'));
  });
}

async function nodeMajor() {
  if (!existsSync(node)) return undefined;
  const { code, output } = await run(node, ['--version'], { quiet: true });
  return code === 0 ? Number(/^v(\d+)\./.exec(output)?.[1]) : undefined;
}

/** Newer versions of npm skip install scripts, and the `node` package fetches its program in one: fetch it as that would. */
async function repairNode() {
  say(`Fetching Node.js ${NODE_MAJOR}`);
  const home = join(modules, 'node');
  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  const apple = process.platform === 'darwin' && process.arch === 'arm64';
  const name = `${apple ? 'node-bin' : 'node'}-${process.platform}-${process.arch}`;
  const work = join(modules, '.cache/node-program');
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  writeFileSync(join(work, 'package.json'), '{}');
  const { code, output } = await run('npm', ['install', '--no-save', '--no-audit', '--no-fund', `${name}@${version}`], {
    env: foreignEnvironment,
    cwd: work,
    quiet: true,
  });
  const fetched = join(work, 'node_modules', name, 'bin/node');
  if (code !== 0 || !existsSync(fetched)) {
    throw new SetUpError(`Node.js ${version} could not be fetched for this system (${name}):\n${output.trim()}`);
  }
  mkdirSync(join(home, 'bin'), { recursive: true });
  const program = join(home, 'bin/node');
  cpSync(fetched, `${program}.new`);
  chmodSync(`${program}.new`, 0o755);
  renameSync(`${program}.new`, program);
  rmSync(work, { recursive: true, force: true });
  if (!existsSync(node))
    await run('npm', ['rebuild', '--ignore-scripts', 'node'], { env: foreignEnvironment, quiet: true });
  if ((await nodeMajor()) !== NODE_MAJOR) throw new SetUpError(`${program} does not run on this system.`);
}

/** MySQL for the local control plane: found on the machine, or fetched. */
export async function setUpMysql() {
  const { code } = await run(node, [join(root, 'lib/control-plane/mysql/prepare-runtime.ts')]);
  if (code !== 0) throw new SetUpError('Without MySQL there is no local cloud: see above.');
}

/** The page that people come back to from signing in: made from MSAL's own, in no time. */
export async function setUpSignInBridge() {
  const { code } = await run(node, [join(root, 'scripts/build.mjs'), '--bridge-only']);
  if (code !== 0) throw new SetUpError('The sign-in page could not be made: see above.');
}

/** The portal's production build, when its sources are not those of the last one. */
export async function setUpBuild() {
  await setUpSignInBridge();
  const stampFile = join(root, '.next/flexdeck-build');
  const stamp = hashOfSources();
  if (existsSync(join(root, '.next/BUILD_ID')) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp)
    return;
  say('Building the portal (about a minute)');
  rmSync(stampFile, { force: true });
  const { code } = await run(node, [join(modules, 'next/dist/bin/next'), 'build'], {
    env: { ...foreignEnvironment, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
  });
  if (code !== 0) throw new SetUpError('The portal could not be built: see above.');
  writeFileSync(stampFile, stamp);
}

/** Of what the build reads: the portal and the ground below it, not the control plane and not the tests. */
function hashOfSources() {
  const hash = createHash('sha256');
  const add = (path) => {
    const file = join(root, path);
    if (!existsSync(file)) return;
    const entries = readdirSync(file, { withFileTypes: true }).sort((one, other) => (one.name < other.name ? -1 : 1));
    for (const entry of entries) {
      const inner = join(path, entry.name);
      if (inner === join('lib', 'control-plane') || /\.test\.tsx?$/.test(entry.name)) continue;
      if (entry.isDirectory()) add(inner);
      else
        hash
          .update(`${inner}\0`)
          .update(readFileSync(join(root, inner)))
          .update('\0');
    }
  };
  for (const folder of ['app', 'components', 'lib', 'public']) add(folder);
  for (const file of ['proxy.ts', 'package-lock.json', 'next.config.js', 'postcss.config.mjs', 'tsconfig.json']) {
    if (existsSync(join(root, file)))
      hash
        .update(`${file}\0`)
        .update(readFileSync(join(root, file)))
        .update('\0');
  }
  return hash.digest('hex');
}
