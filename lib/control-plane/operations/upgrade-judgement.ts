/** What facts mean for an upgrade: pure, so that each way can be tested without two versions of MySQL. */
import type { UpgradeCheckResult } from '../../arm/local/upgrade.ts';
import type { BuildFacts, ServerUse } from '../mysql/upgrade-facts.ts';

type Outcome = UpgradeCheckResult['outcome'];

export function result(
  name: string,
  title: string,
  outcome: Outcome,
  message: string,
  items: readonly string[] = [],
): UpgradeCheckResult {
  return { name, title, outcome, message, items: [...items] };
}

/** System variables that the person set, and what the newer build makes of them. */
export function judgeParameters(
  overrides: Readonly<Record<string, string>>,
  next: Pick<BuildFacts, 'variables'>,
): UpgradeCheckResult {
  const names = Object.keys(overrides);
  const gone = names.filter((name) => !next.variables.has(name));
  const [it, title] = ['parameters', 'Server parameters'];
  if (gone.length > 0) {
    const message = 'The newer MySQL does not know these parameters. Reset each of them to its default first.';
    return result(it, title, 'Failed', message, gone);
  }
  if (names.length === 0) return result(it, title, 'Passed', 'No parameter was changed on this server.');
  return result(it, title, 'Passed', 'The newer MySQL starts with every parameter that was changed on this server.');
}

/** What says where it runs or what it is, and so differs on any two servers. */
const OF_THE_SERVER =
  /^(version|basedir|datadir|plugin_dir|lc_messages_dir|character_sets_dir|socket|pid_file|tmpdir|hostname|server_uuid|server_id|gtid_|log_error|log_bin_|general_log_file|slow_query_log_file|relay_log|slave_load_tmpdir|replica_load_tmpdir|ssl_|innodb_.*_dir|timestamp|pseudo_|system_time_zone|persist|license|report_|secure_file_priv|mysqlx_|tls_|admin_ssl|build_id|immediate_|original_|rand_|last_|insert_id|identity|error_count|warning_count|external_user|proxy_user|transaction_)/;

/** Variables that nobody set and whose value is another one on the newer build. */
export function judgeDefaults(
  overrides: Readonly<Record<string, string>>,
  now: Pick<BuildFacts, 'variables'>,
  next: Pick<BuildFacts, 'variables'>,
): UpgradeCheckResult {
  const changed = [...now.variables].flatMap(([name, value]) => {
    const other = next.variables.get(name);
    if (other === undefined || other === value || name in overrides || OF_THE_SERVER.test(name)) return [];
    return [`${name}: ${value || '(empty)'} → ${other || '(empty)'}`];
  });
  const [it, title] = ['defaults', 'Defaults'];
  if (changed.length === 0) return result(it, title, 'Passed', 'No parameter gets another default.');
  const message =
    'These parameters have another default in the newer MySQL. Set the former value where your applications count on it.';
  return result(it, title, 'Warning', message, changed);
}

export function judgeAccounts({ accounts }: ServerUse, next: Pick<BuildFacts, 'authentication'>): UpgradeCheckResult {
  const known = new Set([...next.authentication].map((plugin) => plugin.toLowerCase()));
  const gone = accounts.filter(({ plugin }) => !known.has(plugin.toLowerCase()));
  const [it, title] = ['accounts', 'Accounts'];
  if (gone.length === 0) {
    return result(it, title, 'Passed', 'Every account signs in by a way that the newer MySQL has.');
  }
  const message =
    'These accounts sign in by a plug-in that the newer MySQL does not have. Change them first: ALTER USER … IDENTIFIED WITH caching_sha2_password BY ….';
  const items = gone.map(({ account, plugin }) => `${account} (${plugin})`);
  return result(it, title, 'Failed', message, items);
}

/** Engines, collations, SQL modes and what else the newer build has no more. */
export function judgeFeatures({ engines, collations }: ServerUse, next: BuildFacts): UpgradeCheckResult {
  const known = new Set([...next.engines].map((engine) => engine.toLowerCase()));
  const items = [
    ...engines
      .filter(({ engine }) => !known.has(engine.toLowerCase()))
      .map(({ engine, tables, example }) => `storage engine ${engine}: ${tables} tables, ${example} among them`),
    ...collations
      .filter(({ collation }) => !next.collations.has(collation))
      .map(({ collation, columns, example }) => `collation ${collation}: ${columns} columns, ${example} among them`),
    ...next.refusedSqlModes.map((mode) => `SQL mode ${mode}: of routines, triggers or events`),
  ];
  const [it, title] = ['features', 'Removed features'];
  if (items.length === 0) {
    return result(it, title, 'Passed', 'Storage engines, collations and SQL modes in use are in the newer MySQL too.');
  }
  const message = 'The newer MySQL does not have these any more. Change what uses them first.';
  return result(it, title, 'Failed', message, items);
}

/** Words that become reserved. Upper case. */
export function newlyReserved(
  now: Pick<BuildFacts, 'reservedWords'>,
  next: Pick<BuildFacts, 'reservedWords'>,
): string[] {
  return [...next.reservedWords].filter((word) => !now.reservedWords.has(word));
}

/** @param names from `findNamesLike` the words. */
export function judgeReservedWords(words: readonly string[], names: readonly string[]): UpgradeCheckResult {
  const [it, title] = ['reservedWords', 'Reserved words'];
  if (names.length === 0) {
    const message =
      words.length === 0
        ? 'No word becomes reserved.'
        : `${words.length} words become reserved (${words.slice(0, 5).join(', ')}${words.length > 5 ? ', …' : ''}); nothing here is named so.`;
    return result(it, title, 'Passed', message);
  }
  const message =
    'These names become reserved words: statements with them need backticks (`name`), or they need another name.';
  return result(it, title, 'Warning', message, names);
}

export function judgeTransactions({ prepared }: ServerUse): UpgradeCheckResult {
  const [it, title] = ['transactions', 'Distributed transactions'];
  if (prepared === 0) return result(it, title, 'Passed', 'No distributed transaction waits for its end.');
  const message = `${prepared} prepared distributed transactions wait for their end. Commit or roll back each (XA RECOVER lists them) first.`;
  return result(it, title, 'Failed', message);
}

const MIB = 1024 ** 2;

/** @param dataBytes of the server, without its logs. */
export function judgeSpace(dataBytes: number, freeBytes: number): UpgradeCheckResult {
  const needed = 2 * dataBytes + 256 * MIB;
  const [it, title] = ['space', 'Free space'];
  const words = `The backup, the rehearsal and the copy for the way back need ${inMib(needed)} on this machine’s disk for a while; ${inMib(freeBytes)} are free.`;
  if (freeBytes >= needed) return result(it, title, 'Passed', words);
  return result(it, title, 'Failed', `${words} Make room first.`);
}

function inMib(bytes: number): string {
  return bytes >= 10 * 1024 * MIB ? `${Math.round(bytes / MIB / 1024)} GiB` : `${Math.ceil(bytes / MIB)} MiB`;
}
