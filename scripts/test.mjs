// `npm test`: sets up what is missing and runs every test. Ends with the totals on one line.
//   --only check,unit,integration,e2e   some of the parts
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setUpChromium } from './chromium.mjs';
import { setUpBuild, setUpDependencies, setUpMysql } from './set-up.mjs';
import { modules, node, ownEnvironment, root, run, say, SetUpError } from './steps.mjs';

const reports = mkdtempSync(join(tmpdir(), 'flexdeck-test-'));
const totals = { passed: 0, failed: 0, skipped: 0 };

/** What is checked without running anything: each is one test. */
const CHECKS = [
  // Not incremental: what was remembered of an import that has gone since let it pass.
  ['types', 'typescript/bin/tsc', ['--incremental', 'false']],
  ['lint', 'oxlint/bin/oxlint', ['--deny-warnings']],
  [
    'format',
    'prettier/bin/prettier.cjs',
    ['--check', '--log-level', 'warn', '--cache', '--cache-strategy', 'content', '.'],
  ],
  ['dead code', 'knip/bin/knip.js', ['--no-config-hints']],
  ['walls', 'dependency-cruiser/bin/dependency-cruise.mjs', ['app', 'components', 'lib', 'proxy.ts']],
];

const PARTS = {
  async check() {
    // Makes the types that Next derives from the routes.
    if (removeStaleRouteTypes() || !existsSync(join(root, 'next-env.d.ts'))) {
      await run(node, [join(modules, 'next/dist/bin/next'), 'typegen'], { quiet: true, minutes: 5 });
    }
    // Side by side: most of each is one thread.
    const checks = CHECKS.map(async ([name, program, args]) => {
      const { code, output } = await run(node, [join(modules, program), ...args], { quiet: true, minutes: 5 });
      say(code === 0 ? `✓ ${name}` : `✗ ${name}\n${output.trimEnd()}`);
      totals[code === 0 ? 'passed' : 'failed']++;
    });
    await Promise.all(checks);
  },
  unit: () => runVitest('unit', 10),
  async integration() {
    await setUpMysql();
    await runVitest('integration', 30);
  },
  async e2e() {
    await setUpMysql();
    await setUpBuild();
    await setUpChromium();
    const report = join(reports, 'e2e.json');
    const { code } = await run(node, [join(modules, '@playwright/test/cli.js'), 'test', '--reporter=list,json'], {
      env: { ...ownEnvironment, PLAYWRIGHT_JSON_OUTPUT_NAME: report },
      minutes: 30,
    });
    const { expected, flaky, unexpected, skipped } = readReport(report)?.stats ?? {};
    count('e2e', code, { passed: expected + flaky, failed: unexpected, skipped });
  },
};

/** Unit tests keep one processor busy and the checks another; what runs servers has the machine to itself. */
const TOGETHER = [['check', 'unit'], ['integration'], ['e2e']];

/**
 * Removes types of routes that name a page which is there no more: those of an older build would fail the check.
 *
 * @returns whether there were any.
 */
function removeStaleRouteTypes() {
  const stale = ['.next/types', '.next/dev/types'].map((folder) => join(root, folder)).filter(isStale);
  for (const folder of stale) rmSync(folder, { recursive: true });
  return stale.length > 0;
}

function isStale(folder) {
  const types = join(folder, 'validator.ts');
  if (!existsSync(types)) return false;
  const pages = readFileSync(types, 'utf8').matchAll(/import\("(?:\.\.\/)+(app\/[^"]+)\.js"\)/g);
  return [...pages].some(([, page]) => !existsSync(join(root, `${page}.tsx`)) && !existsSync(join(root, `${page}.ts`)));
}

async function runVitest(project, minutes) {
  const report = join(reports, `${project}.json`);
  const args = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { code } = await run(node, [join(modules, 'vitest/vitest.mjs'), ...args], { minutes });
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = readReport(report) ?? {};
  // A file that cannot even be loaded has failed, and no test of it is in the counts.
  const unloadable = testResults?.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  count(project, code, {
    passed: numPassedTests,
    failed: numFailedTests + unloadable?.length,
    skipped: numPendingTests + numTodoTests,
  });
}

function readReport(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** Adds one runner's counts. A runner that says it failed, or tells nothing, has failed whatever it counted. */
function count(part, code, { passed, failed, skipped }) {
  totals.passed += passed || 0;
  totals.failed += failed || 0;
  totals.skipped += skipped || 0;
  if (Number.isNaN(passed + failed) || passed + failed === 0) {
    say(`✗ ${part}: no test was run`);
    totals.failed++;
  } else if (code !== 0 && failed === 0) {
    say(`✗ ${part}: ended with ${code} though no test failed`);
    totals.failed++;
  }
}

async function main() {
  const [flag, list = ''] = process.argv.slice(2);
  const wanted = flag === '--only' ? list.split(',') : Object.keys(PARTS);
  const unknown = wanted.find((part) => !(part in PARTS));
  if ((flag && flag !== '--only') || unknown !== undefined) {
    throw new SetUpError(`Say nothing, or --only with some of ${Object.keys(PARTS).join(',')}.`);
  }
  await setUpDependencies();
  for (const parts of TOGETHER) await Promise.all(parts.filter((part) => wanted.includes(part)).map(runPart));
}

async function runPart(part) {
  say(`\n— ${part}`);
  try {
    await PARTS[part]();
  } catch (failure) {
    say(`✗ ${part}: ${failure instanceof SetUpError ? failure.message : failure.stack}`);
    totals.failed++;
  }
}

main()
  .catch((failure) => {
    say(failure instanceof SetUpError ? failure.message : failure.stack);
    totals.failed++;
  })
  .finally(() => {
    rmSync(reports, { recursive: true, force: true });
    const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : '';
    say(`\n${totals.passed} passed, ${totals.failed} failed${skipped}`);
    process.exitCode = totals.failed > 0 ? 1 : 0;
  });
