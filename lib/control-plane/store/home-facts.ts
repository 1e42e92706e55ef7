import type { Database } from './database.ts';

/** `connection_log`: the gateway's events that were written down last, `<gateway>:<sequence>`. */
type HomeFact = 'address_block' | 'daemon_epoch' | 'connection_log';

export function readHomeFact(database: Database, name: HomeFact): string | undefined {
  const row = database.prepare('SELECT value FROM home_facts WHERE name = ?').get(name) as
    { value: string } | undefined;
  return row?.value;
}

export function writeHomeFact(database: Database, name: HomeFact, value: string): void {
  database
    .prepare(
      'INSERT INTO home_facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    )
    .run(name, value);
}

/** A number that is higher at each start of the daemon: the gateway ignores what an older daemon still says. */
export function nextDaemonEpoch(database: Database): number {
  const epoch = Number(readHomeFact(database, 'daemon_epoch') ?? 0) + 1;
  writeHomeFact(database, 'daemon_epoch', String(epoch));
  return epoch;
}
