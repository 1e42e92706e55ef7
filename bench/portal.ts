/**
 * The portal's first load in Chromium, from the production build, with nothing in the cache: how long until the largest
 * thing is painted, and how much JavaScript comes over the wire (gzip, as the portal sends it).
 *
 *     node bench/portal.ts             about a minute; needs `npm run build`
 *     node bench/portal.ts --blades    JavaScript of every blade as well, by one load each
 *     node bench/portal.ts --json      the figures as JSON, after the table
 *
 * Goals: at most 150 kB before sign-in, at most 300 kB on a blade without charts. A bare Next page is 132 kB.
 */
import { chromium, type Browser, type BrowserContext, type Page } from '@playwright/test';
import setUp from '../e2e/support/set-up.ts';
import { Arm } from '../e2e/support/arm.ts';
import { deleteGroup, makeGroup, makeServer, ownName } from '../e2e/support/servers.ts';
import { signInByLink } from '../e2e/support/sign-in.ts';
import { readWorld } from '../e2e/support/world.ts';
import { readConfig } from '../lib/control-plane/config.ts';
import { paths, type ServerBlade } from '../lib/paths.ts';
import { findChromium } from '../scripts/chromium.mjs';

const ROUNDS = 5;
const say = (line: string) => process.stdout.write(`${line}\n`);

interface Load {
  lcpMs: number;
  /** Bytes of all scripts on the wire, without headers. */
  scriptBytes: number;
  scripts: { name: string; bytes: number }[];
}

interface Figure {
  what: string;
  /** kB of JavaScript; 1 kB is 1000 bytes. None for a blade with charts. */
  goal?: number;
  loads: Load[];
}

/** With charts. */
const WITH_CHARTS: ServerBlade[] = ['metrics', 'query-insights', 'alerts'];

/** Those that are not measured in every round. */
const FURTHER_BLADES: ServerBlade[] = [
  'activity-log',
  'tags',
  'diagnose',
  'connect',
  'compute-storage',
  'networking',
  'databases',
  'server-parameters',
  'high-availability',
  'maintenance',
  'backup',
  'locks',
  'properties',
  'server-logs',
  ...WITH_CHARTS,
];

type State = Awaited<ReturnType<BrowserContext['storageState']>>;

/** Loads a page in a browser that has nothing cached, and waits until it stands. */
async function load(browser: Browser, url: string, heading: RegExp, storageState?: State): Promise<Load> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    storageState,
  });
  const page = await context.newPage();
  const scripts = await watchScripts(page);
  await page.goto(url);
  await page.getByRole('heading', { level: 1, name: heading }).waitFor();
  // What is fetched once the page stands still belongs to the first load as well.
  await page.waitForLoadState('networkidle');
  const lcpMs = await page.evaluate(
    () =>
      new Promise<number>((settle) => {
        new PerformanceObserver((list) => settle(list.getEntries().at(-1)!.startTime)).observe({
          type: 'largest-contentful-paint',
          buffered: true,
        });
      }),
  );
  await context.close();
  return { lcpMs, scriptBytes: scripts.reduce((sum, { bytes }) => sum + bytes, 0), scripts };
}

async function watchScripts(page: Page): Promise<Load['scripts']> {
  const scripts: Load['scripts'] = [];
  const started = new Map<string, Load['scripts'][number]>();
  const devtools = await page.context().newCDPSession(page);
  devtools.on('Network.responseReceived', ({ requestId, type, response }) => {
    if (type !== 'Script') return;
    const script = { name: new URL(response.url).pathname, bytes: 0 };
    started.set(requestId, script);
    scripts.push(script);
  });
  // Of the body alone: headers are not gzip, and differ between servers.
  devtools.on('Network.dataReceived', ({ requestId, encodedDataLength }) => {
    const script = started.get(requestId);
    if (script) script.bytes += encodedDataLength;
  });
  await devtools.send('Network.enable');
  return scripts;
}

/** Of an odd number of them. */
function median(numbers: number[]): number {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)]!;
}

async function measure(): Promise<Figure[]> {
  const world = readWorld();
  const arm = new Arm(world);
  const group = ownName('bench');
  const executablePath = findChromium();
  const browser = await chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  try {
    await makeGroup(arm, group);
    const server = await makeServer(arm, group);
    const signedIn = await browser.newContext();
    await signInByLink(world, await signedIn.newPage(), 'owner');
    const state = await signedIn.storageState();
    const figures: Figure[] = [
      { what: 'Sign-in page', goal: 150, loads: [] },
      { what: 'Overview', goal: 300, loads: [] },
      { what: 'Browse', goal: 300, loads: [] },
      { what: 'Create', goal: 300, loads: [] },
    ];
    for (let round = 0; round < ROUNDS; round++) {
      figures[0]!.loads.push(await load(browser, `${world.portal}/`, /./));
      const overview = world.portal + paths.server(server);
      figures[1]!.loads.push(await load(browser, overview, new RegExp(server.serverName), state));
      figures[2]!.loads.push(await load(browser, world.portal + paths.servers(), /^Servers$/, state));
      figures[3]!.loads.push(await load(browser, world.portal + paths.createServer(), /^Create a MySQL/, state));
    }
    if (!process.argv.includes('--blades')) return figures;
    for (const [what, path] of [
      ['home', paths.home()] as const,
      ['deleted servers', paths.deletedServers()] as const,
      ['deployment', paths.deployment(server)] as const,
      ...FURTHER_BLADES.map((blade) => [blade, paths.server(server, blade)] as const),
    ]) {
      const goal = WITH_CHARTS.some((blade) => blade === what) ? undefined : 300;
      figures.push({ what, goal, loads: [await load(browser, world.portal + path, /./, state)] });
    }
    return figures;
  } finally {
    await browser.close();
    await deleteGroup(arm, group);
  }
}

process.env.FLEXDECK_RUNTIMES ??= readConfig().runtimesFolder;
const tearDown = await setUp();
try {
  const figures = await measure();
  for (const { what, goal, loads } of figures) {
    const kilobytes = median(loads.map(({ scriptBytes }) => scriptBytes)) / 1000;
    const verdict = goal === undefined ? 'with charts' : `goal ≤ ${goal} kB: ${kilobytes <= goal ? 'met' : 'MISSED'}`;
    const lcp = median(loads.map(({ lcpMs }) => lcpMs));
    say(
      `${what.padEnd(18)} LCP ${lcp.toFixed(0).padStart(5)} ms   JavaScript ${kilobytes.toFixed(1).padStart(6)} kB gzip   ${verdict}`,
    );
  }
  if (process.argv.includes('--json')) say(JSON.stringify(figures));
} finally {
  await tearDown();
}
