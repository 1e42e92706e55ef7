import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findProcess } from './adoption.ts';
import type { MysqlRuntime } from './runtime.ts';
import { trialStart } from './trial-start.ts';

test('a trial that nobody waits for any more ends at once, and leaves nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fd-trial-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'template'));
  const stop = new AbortController();
  const mark = `trial of ${folder}`;
  const trial = trialStart(
    {
      // It takes its time over the options.
      runtime: { command: () => ({ file: '/bin/sh', args: ['-c', 'exec sleep 60', mark] }) } as unknown as MysqlRuntime,
      instance: { id: 'one', mysqlServerId: 1, folder: join(folder, 'one'), runFolder: folder },
      options: {},
      template: join(folder, 'template'),
      async prepare() {
        setImmediate(() => stop.abort(new Error('The primary was lost.')));
      },
      signal: stop.signal,
    },
    async () => {},
  );
  await expect(trial).rejects.toThrow('The primary was lost.');
  expect(findProcess((words) => words.includes(mark))).toBeUndefined();
  expect(readdirSync(folder)).toEqual(['template']);
});
