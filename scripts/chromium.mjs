// A Chromium for the browser tests.
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { findOnPath, foreignEnvironment, modules, node, run, say, SetUpError } from './steps.mjs';

/** The program of a Chromium that is there: FLEXDECK_CHROMIUM, on PATH, or one that Playwright fetched. */
export function findChromium() {
  const named = process.env.FLEXDECK_CHROMIUM;
  if (named) return named;
  return findOnPath('chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome') ?? findPlaywrights();
}

function findPlaywrights() {
  const folder = process.env.PLAYWRIGHT_BROWSERS_PATH ?? join(homedir(), '.cache/ms-playwright');
  if (!existsSync(folder)) return undefined;
  const versions = readdirSync(folder).filter((name) => /^chromium-\d+$/.test(name));
  return versions
    .flatMap((name) => ['chrome-linux64/chrome', 'chrome-linux/chrome'].map((program) => join(folder, name, program)))
    .find((program) => existsSync(program) && existsSync(join(program, '../../INSTALLATION_COMPLETE')));
}

/** Installs Chromium where there is none: as a package of the system where we may, else Playwright's own. */
export async function setUpChromium() {
  if (findChromium()) return;
  say('Installing Chromium for the browser tests');
  const environment = { ...foreignEnvironment, DEBIAN_FRONTEND: 'noninteractive' };
  const asRoot =
    process.getuid?.() === 0
      ? []
      : (await run('sudo', ['-n', 'true'], { quiet: true })).code === 0
        ? ['sudo', '-n']
        : undefined;
  const faults = [];
  if (asRoot && findOnPath('apt-get')) {
    for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
      const [file, ...rest] = [...asRoot, 'apt-get', '--quiet=2', ...args];
      const { code, output } = await run(file, rest, { env: environment, quiet: true });
      if (code !== 0) faults.push(lastLine(output));
    }
    if (findChromium()) return;
  }
  const withLibraries = asRoot ? ['--with-deps'] : [];
  const { output } = await run(
    node,
    [join(modules, '@playwright/test/cli.js'), 'install', ...withLibraries, 'chromium'],
    { quiet: true },
  );
  if (findChromium()) return;
  faults.push(lastLine(output));
  throw new SetUpError(
    `No Chromium could be installed (${faults.join('; ')}). ` +
      'Install one (on Debian: apt-get install chromium) or name its program in FLEXDECK_CHROMIUM, and start again.',
  );
}

function lastLine(output) {
  return output.trim().split('\n').at(-1) ?? '';
}
