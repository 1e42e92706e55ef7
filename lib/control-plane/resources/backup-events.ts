import type { BackupEvent } from '../../arm/local/backup.ts';
import type { ChangeEvent } from '../backup/change-events.ts';
import { momentText } from '../backup/moment.ts';
import { UNFINISHED_TABLE } from '../mysql/copy-table.ts';
import type { RecoverTablesInput } from '../operations/recover-tables.ts';
import type { UpdateConfigurationsInput } from '../operations/update-configurations.ts';
import type { World } from '../operations/world.ts';
import { listBackupEvents } from '../store/backup-events.ts';
import { listFailovers } from '../store/failovers.ts';
import { listOperationsSucceeded } from '../store/operations.ts';
import { findRestoreOf, listRestoresFrom } from '../store/restores.ts';
import { readServer, type ServerRow } from '../store/servers.ts';

const MOST_EVENTS = 1000;
const MOST_CHARACTERS = 1000;
const DANGERS: readonly string[] = ['DropTable', 'DropDatabase', 'Truncate', 'BigDelete'];

type Marked = BackupEvent & { moment: number };

/** What people may wish to go back to right before: in the log, and beside it. Microseconds, both ends included. */
export function backupEvents(
  { database }: World,
  server: ServerRow,
  span: { from: number; to: number },
): BackupEvent[] {
  const changes = listBackupEvents<ChangeEvent>(database, server.id, { ...span, limit: MOST_EVENTS });
  const recoveries = new Map<string, number>();
  const ofLog = changes.flatMap(({ moment, gtid, event }): Marked[] => {
    const recovery = recoveryOf(event);
    if (recovery === undefined) return [mark(moment, { ...event, gtid })];
    if (!recoveries.has(recovery)) recoveries.set(recovery, moment);
    return [];
  });
  const beside = [
    ...failovers(database, server),
    ...configurations(database, server),
    ...restores(database, server),
    ...recoveredTables(database, server, recoveries),
  ];
  return [...ofLog, ...beside.filter(({ moment }) => moment >= span.from && moment <= span.to)]
    .toSorted((one, other) => one.moment - other.moment)
    .map(({ moment: _, ...event }) => event);
}

/**
 * What bringing tables back does on its way is one mark and not five: it is known by the name that a table has meanwhile.
 *
 * @returns what the operation's id begins with.
 */
function recoveryOf({ table, statement }: ChangeEvent): string | undefined {
  const words = `${table ?? ''} ${statement ?? ''}`;
  return new RegExp(`\\b${UNFINISHED_TABLE}([0-9a-f]{8})_\\d+`).exec(words)?.[1];
}

function mark(moment: number, event: Pick<BackupEvent, 'kind' | 'statement'> & Partial<BackupEvent>): Marked {
  return {
    database: null,
    table: null,
    rows: null,
    gtid: null,
    severity: DANGERS.includes(event.kind) ? 'Danger' : 'Info',
    ...event,
    moment,
    at: momentText(moment),
    restorePointBefore: momentText(moment - 1),
  };
}

function failovers(database: World['database'], server: ServerRow): Marked[] {
  return listFailovers(database, server.id)
    .filter(({ status, endedAt }) => status === 'Succeeded' && endedAt !== null)
    .map(({ endedAt, reason, fromZone, toZone }) =>
      mark(endedAt! * 1000, { kind: 'Failover', statement: `From zone ${fromZone} to zone ${toZone}. ${reason}` }),
    );
}

/** Changed server parameters, each with what it was before. */
function configurations(database: World['database'], server: ServerRow): Marked[] {
  return listOperationsSucceeded(database, server.id, 'update-configurations').map(({ endedAt, input }) => {
    const { values, previous } = input as UpdateConfigurationsInput;
    const words = Object.entries(values).map(([name, value]) => {
      const before = previous.overrides[name];
      return `${name} = ${value ?? 'default'} (before: ${before ?? 'default'})`;
    });
    return mark(endedAt! * 1000, { kind: 'Configuration', statement: words.join(', ').slice(0, MOST_CHARACTERS) });
  });
}

/** Where the server itself came from, and what was restored from it. */
function restores(database: World['database'], server: ServerRow): Marked[] {
  const own = findRestoreOf(database, server.id);
  const origin = listOperationsSucceeded(database, server.id, 'restore-server').flatMap(({ endedAt }) => {
    if (!own) return [];
    const source = readServer(database, own.restore.sourceServerId).name;
    const as = asItWas(own.restore.plan?.moment);
    return [mark(endedAt! * 1000, { kind: 'Restored', statement: `This server, from “${source}”${as}.` })];
  });
  const others = listRestoresFrom(database, server.id).map(({ name, endedAt, restore }) =>
    mark(endedAt * 1000, {
      kind: 'Restored',
      statement: `To the new server “${name}”${asItWas(restore.plan?.moment)}.`,
    }),
  );
  return [...origin, ...others];
}

/** Tables that came back to it. @param begun when each began, by what its operation's id begins with. */
function recoveredTables(database: World['database'], server: ServerRow, begun: ReadonlyMap<string, number>): Marked[] {
  return listOperationsSucceeded(database, server.id, 'recover-tables').map(({ id, endedAt, input }) => {
    const chosen = (input as RecoverTablesInput).tables;
    const names = chosen.map(({ toDatabase, toTable }) => `${toDatabase}.${toTable}`).join(', ');
    const [only] = chosen.length === 1 ? chosen : [];
    return mark(begun.get(id.slice(0, 8)) ?? endedAt! * 1000, {
      kind: 'Restored',
      database: only?.toDatabase ?? null,
      table: only?.toTable ?? null,
      statement: `Tables of a restored server: ${names}`.slice(0, MOST_CHARACTERS),
    });
  });
}

function asItWas(moment: number | undefined): string {
  return moment === undefined ? '' : `, as it was at ${momentText(moment)}`;
}
