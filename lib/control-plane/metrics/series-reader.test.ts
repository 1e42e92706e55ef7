import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { openSamplesDatabase } from '../store/samples.ts';
import { appendStatements, packNextStatementHour, readStatementHistory } from '../store/statements.ts';
import { createSeriesReader } from './series-reader.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 1);
const folder = mkdtempSync(join(tmpdir(), 'series-'));
afterEach(() => rmSync(folder, { recursive: true }));

it('reads long histories of statements in its thread, and short ones here: the same', async () => {
  const file = join(folder, 'samples.db');
  const database = openSamplesDatabase(file);
  const counters = {
    count: 2,
    time: 5,
    lockTime: 0,
    errors: 0,
    rowsSent: 0,
    rowsExamined: 0,
    rowsAffected: 0,
    noIndex: 0,
    diskTables: 0,
  };
  const statements = [{ statement: { digest: 'd', schema: 'shop', text: 'SELECT ?' }, counters }];
  for (let at = START; at < START + 30 * HOUR; at += 30 * 60_000) {
    appendStatements(database, 'one', at, { statements, waits: [{ kind: 'io', count: 1, time: 3 }] });
  }
  while (packNextStatementHour(database, START + 25 * HOUR));
  const here = createSeriesReader(database);
  const reader = createSeriesReader(database, file);
  try {
    for (const [from, to] of [
      [START, START + 30 * HOUR],
      [START + HOUR, START + 2 * HOUR],
    ] as const) {
      const span = { serverId: 'one', from, to };
      const { sums } = await here.statements(span);
      expect(sums).toMatchObject([{ digest: 'd', counters: { count: to - from > HOUR ? 120 : 4 } }]);
      expect(await reader.statements(span, sums[0]!.id)).toEqual(readStatementHistory(database, span, sums[0]!.id));
    }
    // A server that nothing is known of has no rows, and gets none.
    const span = { serverId: 'other', from: START, to: START + 30 * HOUR };
    expect(await reader.statements(span)).toMatchObject({ sums: [], waits: [] });
  } finally {
    await reader.close();
    database.close();
  }
});
