/**
 * Drawing thirty days in Chromium, beside uPlot on the same data.
 *
 *     node bench/chart.ts           half a minute
 *     node bench/chart.ts --json    the figures as JSON, after the table
 *
 * Goals: from data to painted at most 100 ms, the very first included; what a move of the pointer costs the page, p99 at most a frame (16.7 ms).
 * The cost of a move is all that the page's main thread did for it, as Chromium counts it: scripts, style, layout, paint.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type CDPSession, type Page } from '@playwright/test';
import { build } from 'vite';
import { findChromium } from '../scripts/chromium.mjs';

const ROUNDS = 40;
const MOVES = 300;
const DRAWN_GOAL_MS = 100;
const MOVE_GOAL_MS = 16.7;
const say = (line: string) => process.stdout.write(`${line}\n`);

const SCENES = [
  { name: 'by the minute, 4 × 43,200', points: 43_200, withRange: false },
  { name: 'by the hour, 4 × 720, with lowest and highest (the blade)', points: 720, withRange: true },
] as const;

const folder = mkdtempSync(join(tmpdir(), 'fd-chart-'));
const figures: Record<string, number> = {};
const root = join(import.meta.dirname, '..');
await build({
  root,
  configFile: false,
  logLevel: 'error',
  mode: 'production',
  resolve: { alias: { '@': root } },
  build: {
    outDir: folder,
    // One script: a page from a file may not fetch others.
    rollupOptions: { output: { inlineDynamicImports: true } },
    lib: { entry: join(import.meta.dirname, 'chart-page.tsx'), formats: ['es'], fileName: 'page' },
  },
  define: { 'process.env.NODE_ENV': '"production"' },
});
const script = await readFile(join(folder, 'page.js'), 'utf8');
const page = join(folder, 'page.html');
writeFileSync(
  page,
  `<!doctype html><html><body></body><script type="module">${script.replaceAll('</script', '<\\/script')}</script></html>`,
);

const executablePath = findChromium();
const browser = await chromium.launch({
  ...(executablePath && { executablePath }),
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
try {
  for (const { name, points, withRange } of SCENES) {
    say(`\n30 days ${name}`);
    const cold = await openPage();
    say(`first thing in a page, nothing prepared: ${(await draw(cold, 'flexdeck', points, withRange)).toFixed(1)} ms`);
    await cold.close();
    for (const which of ['flexdeck', 'uplot'] as const) {
      const tab = await openPage();
      const devtools = await tab.context().newCDPSession(tab);
      await devtools.send('Performance.enable');
      // As the blade does while its data is under way.
      if (which === 'flexdeck') await tab.evaluate(() => (window as unknown as { warmUp(): Promise<void> }).warmUp());
      const drawn = await drawOften(tab, which, points, withRange);
      const moves = await moveOften(tab, devtools);
      await tab.close();
      figures[`${which}Drawn${points}FirstMs`] = drawn[0]!;
      figures[`${which}Drawn${points}P95Ms`] = percentile(drawn, 0.95);
      figures[`${which}Move${points}P99Ms`] = percentile(moves, 0.99);
      const verdict = (value: number, goal: number) =>
        which === 'uplot' ? '' : `, goal ${goal} ms: ${value <= goal ? 'reached' : 'missed'}`;
      say(
        `${which.padEnd(9)} drawn: first ${drawn[0]!.toFixed(1)} ms, p50 ${ms(drawn, 0.5)}, p95 ${ms(drawn, 0.95)}${verdict(percentile(drawn, 0.95), DRAWN_GOAL_MS)}; ` +
          `a move: p50 ${ms(moves, 0.5)}, p99 ${ms(moves, 0.99)}${verdict(percentile(moves, 0.99), MOVE_GOAL_MS)}`,
      );
    }
  }
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}
if (process.argv.includes('--json')) say(JSON.stringify({ chart: figures }));

async function openPage(): Promise<Page> {
  const tab = await browser.newPage({ viewport: { width: 800, height: 400 } });
  tab.on('pageerror', (failure) => {
    throw failure;
  });
  await tab.goto(`file://${page}`);
  await tab.waitForFunction(() => 'draw' in window);
  return tab;
}

/** @returns milliseconds from data to painted. */
function draw(tab: Page, which: string, points: number, withRange: boolean): Promise<number> {
  return tab.evaluate(
    ([chart, count, range]) =>
      (window as unknown as { draw: (...given: unknown[]) => Promise<number> }).draw(chart, count, range),
    [which, points, withRange] as const,
  );
}

async function drawOften(tab: Page, which: string, points: number, withRange: boolean): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) times.push(await draw(tab, which, points, withRange));
  return times;
}

/** What each of many moves over the last chart cost, in milliseconds of the page's main thread. */
async function moveOften(tab: Page, devtools: CDPSession): Promise<number[]> {
  const spent = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')!.value * 1000;
  };
  const settled = () =>
    tab.evaluate(async () => {
      const { painted } = window as unknown as { painted: () => Promise<void> };
      await painted();
      await painted();
    });
  const costs: number[] = [];
  for (let move = 0; move < MOVES; move++) {
    const before = await spent();
    await tab.mouse.move(90 + ((move * 37) % 600), 60 + (move % 100));
    await settled();
    costs.push((await spent()) - before);
  }
  return costs;
}

function percentile(values: number[], share: number): number {
  return values.toSorted((one, other) => one - other)[Math.min(values.length - 1, Math.floor(values.length * share))]!;
}

function ms(values: number[], share: number): string {
  return `${percentile(values, share).toFixed(1)} ms`;
}
