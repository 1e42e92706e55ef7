import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { readConfig } from '../config.ts';
import { prepareRuntimes } from './prepare-runtime.ts';
import { ensureTemplate } from './template.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fd-template-'));
  chmodSync(folder, 0o711);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** As when the daemon has died: what it started is left to itself. */
const unheeded = ((...parameters: Parameters<typeof spawn>) =>
  Object.assign(spawn(...parameters), { kill: () => false })) as typeof spawn;

test('is finished without anybody who ends its mysqld, and clears away what was abandoned', async () => {
  const [runtime] = await prepareRuntimes(readConfig(), () => {});
  const abandoned = join(folder, '.unfinished-abandoned');
  mkdirSync(abandoned);
  const template = await ensureTemplate(
    { runtime: runtime!, templatesFolder: folder },
    { spawn: unheeded, clock: systemClock },
  );
  expect(existsSync(join(template, 'mysql.ibd'))).toBe(true);
  expect(existsSync(abandoned)).toBe(true);
  utimesSync(abandoned, 0, 0);
  await ensureTemplate({ runtime: runtime!, templatesFolder: folder });
  expect(readdirSync(folder).map((name) => join(folder, name))).toEqual([template]);
});
