import { runProgram, type RunProgram } from './run-program.ts';
import type { MysqlRuntime } from './runtime.ts';

const SYSTEM_ZONES = '/usr/share/zoneinfo';

/** The same zones again, and with leap seconds: no one names them. */
const DUPLICATES = /^(posix|right)\//;

interface TimeZone {
  name: string;
  /** Seconds since 1970, number of the type from then on. */
  transitions: [number, number][];
  /** Number, seconds east of Greenwich, whether daylight saving (1 or 0), abbreviation. */
  types: [number, number, number, string][];
}

/**
 * SQL, one statement a line, that keeps this machine's time zones in a table beside the procedure that loads them: in
 * Azure MySQL's own tables of zones are empty until `CALL mysql.az_load_timezone()`, and loaded ones would be a tenth more
 * to copy and encrypt for every server.
 *
 * @returns none where the machine has no time zones; the procedure says so then.
 */
export async function timeZoneStatements(runtime: MysqlRuntime, run: RunProgram = runProgram): Promise<string[]> {
  let sql: string;
  try {
    const { file, args } = runtime.command('mysql_tzinfo_to_sql');
    sql = (await run(file, [...args, SYSTEM_ZONES], { timeoutMilliseconds: 60_000 })).stdout;
  } catch {
    return [];
  }
  return parseTimeZones(sql)
    .filter(({ name }) => !DUPLICATES.test(name))
    .map((zone, index) => {
      const json = JSON.stringify({ id: index + 1, ...zone })
        .replaceAll('\\', '\\\\')
        .replaceAll("'", "''");
      return `INSERT INTO mysql.flexdeck_time_zones VALUES (${index + 1}, COMPRESS('${json}'));`;
    });
}

/** @param sql output of `mysql_tzinfo_to_sql`. */
export function parseTimeZones(sql: string): TimeZone[] {
  const zones: TimeZone[] = [];
  for (const line of sql.split('\n')) {
    const zone = zones.at(-1);
    const name = /^INSERT INTO time_zone_name .*VALUES \('([^']+)'/.exec(line)?.[1];
    const transition = /^[ ,]*\(@time_zone_id, (-?\d+), (\d+)\)/.exec(line);
    const type = /^[ ,]*\(@time_zone_id, (\d+), (-?\d+), ([01]), '([^']*)'\)/.exec(line);
    if (name) zones.push({ name, transitions: [], types: [] });
    else if (transition) zone?.transitions.push([Number(transition[1]), Number(transition[2])]);
    else if (type) zone?.types.push([Number(type[1]), Number(type[2]), Number(type[3]), type[4]!]);
  }
  return zones;
}

/** Small enough for rows to stay in their pages, which matters for a table that every server gets. */
export const TIME_ZONE_TABLE =
  'CREATE TABLE mysql.flexdeck_time_zones (id INT UNSIGNED PRIMARY KEY, zone BLOB NOT NULL);';

/** Reads all of it first: one statement may not write a system table and read another. */
export const LOAD_TIME_ZONES = [
  'DECLARE zones JSON DEFAULT (SELECT JSON_ARRAYAGG(CAST(CONVERT(UNCOMPRESS(zone) USING utf8mb4) AS JSON)) FROM mysql.flexdeck_time_zones);',
  "IF zones IS NULL THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'The machine that this server was made on had no time zones (package tzdata)'; END IF;",
  'START TRANSACTION;',
  ...['time_zone_transition_type', 'time_zone_transition', 'time_zone_name', 'time_zone'].map(
    (table) => `DELETE FROM mysql.${table};`,
  ),
  insertFromZones('time_zone (Time_zone_id, Use_leap_seconds)', "id, 'N'", ''),
  insertFromZones('time_zone_name (Name, Time_zone_id)', 'name, id', ", name VARCHAR(64) PATH '$.name'"),
  insertFromZones(
    'time_zone_transition (Time_zone_id, Transition_time, Transition_type_id)',
    'id, moment, type',
    ", NESTED PATH '$.transitions[*]' COLUMNS (moment BIGINT PATH '$[0]', type INT PATH '$[1]')",
    'moment',
  ),
  insertFromZones(
    'time_zone_transition_type (Time_zone_id, Transition_type_id, `Offset`, Is_DST, Abbreviation)',
    'id, type, east, saving, short',
    ", NESTED PATH '$.types[*]' COLUMNS (type INT PATH '$[0]', east INT PATH '$[1]', saving INT PATH '$[2]', short VARCHAR(8) PATH '$[3]')",
    'type',
  ),
  'COMMIT;',
].join(' ');

/** @param present a column that a zone without any such rows leaves NULL. */
function insertFromZones(target: string, columns: string, paths: string, present = 'id'): string {
  return `INSERT INTO mysql.${target} SELECT ${columns} FROM JSON_TABLE(zones, '$[*]' COLUMNS (id INT PATH '$.id'${paths})) z WHERE ${present} IS NOT NULL;`;
}
