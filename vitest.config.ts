import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { readConfig } from './lib/control-plane/config.ts';

const root = import.meta.dirname;
const exclude = ['**/node_modules/**', '**/.next/**', 'e2e/**'];

export default defineConfig({
  resolve: { alias: { '@': root } },
  test: {
    // Homes come and go with each test; what MySQL they run is fetched once, for all of them.
    env: { FLEXDECK_RUNTIMES: readConfig({ ...process.env, FLEXDECK_CLOUD: 'Local' }).runtimesFolder },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          // One process for all files of a worker: most of each was loading the same modules again. What a test changes
          // of what all share (timers, say) it puts back.
          isolate: false,
          // A hash that is slow on purpose, or a sweep, takes its time where others want the processors, too.
          testTimeout: 30_000,
          include: ['**/*.test.{ts,tsx}'],
          exclude: [...exclude, '**/*.integration.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['**/*.integration.test.ts'],
          exclude,
          // Each file runs real servers: two at once would only wait for each other's disk and processors.
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
  cacheDir: resolve(root, 'node_modules/.cache/vitest'),
});
