import { FIXED_OPTION_NAMES, type MysqldOptions, type ServerSize } from './options.ts';
import { rows, type Connection } from './client.ts';
import { ENUMERATED_VALUES, MODIFIABLE_VARIABLES } from './modifiable-variables.ts';
import { runProgram, type RunProgram } from './run-program.ts';
import type { MysqlRuntime } from './runtime.ts';
import { serviceParameters } from './service-parameters.ts';

/** A system variable as ARM's configuration: all values are text, booleans ON or OFF. */
export interface MysqlConfiguration {
  name: string;
  /** What is wanted: the user's value, otherwise the default. */
  value: string;
  /** What the running server has: for a static one the old value until the restart. */
  currentValue: string;
  /** For a server of this size. */
  defaultValue: string;
  dataType: 'Enumeration' | 'Integer' | 'Numeric' | 'Set' | 'String';
  /** `10-341`, `ON,OFF`; empty where any text is allowed. */
  allowedValues: string;
  description: string;
  documentationLink: string;
  source: 'system-default' | 'user-override';
  /** Takes effect without a restart. */
  isDynamic: boolean;
  /** Nobody but Flexdeck sets it. */
  isReadOnly: boolean;
  isPendingRestart: boolean;
}

/** What is the same on every server of a runtime, so read once. */
interface VariableFacts {
  dataType: MysqlConfiguration['dataType'];
  allowedValues: string;
  description: string;
  isDynamic: boolean;
  compiledDefault: string | undefined;
}

const factsOfRuntime = new Map<string, Map<string, VariableFacts>>();

export interface ServerConfiguration {
  runtime: MysqlRuntime;
  size: ServerSize;
  /** `mysqldOptions` without overrides. */
  defaults: MysqldOptions;
  /** What the user set. */
  overrides: Readonly<Record<string, string>>;
}

/** Every system variable of the running server, by name. */
export async function readConfigurations(
  connection: Connection,
  server: ServerConfiguration,
): Promise<MysqlConfiguration[]> {
  const facts = await variableFacts(connection, server.runtime);
  const values = await rows<RunningVariable>(
    connection,
    `SELECT variable_name AS name, COALESCE(variable_value, '') AS value, variable_source = 'COMPILED' AS isCompiled
       FROM performance_schema.global_variables JOIN performance_schema.variables_info USING (variable_name) ORDER BY 1`,
  );
  const variables = values.flatMap((variable) => {
    const known = facts.get(variable.name);
    return known ? [configurationOf(variable, known, server)] : [];
  });
  return [...variables, ...serviceParameters(server.overrides)].sort((one, other) => (one.name < other.name ? -1 : 1));
}

interface RunningVariable {
  name: string;
  value: string;
  /** 1: nobody set it, so that its value is its default (which may depend on other variables). */
  isCompiled: number;
}

function configurationOf(
  { name, value: currentValue, isCompiled }: RunningVariable,
  facts: VariableFacts,
  { runtime, size, defaults, overrides }: ServerConfiguration,
): MysqlConfiguration {
  const isReadOnly = FIXED_OPTION_NAMES.has(name) || !MODIFIABLE_VARIABLES.has(name);
  const defaultValue =
    isReadOnly || isCompiled ? currentValue : (defaults[name] ?? facts.compiledDefault ?? currentValue);
  const value = overrides[name] ?? defaultValue;
  return {
    name,
    value,
    currentValue,
    defaultValue,
    dataType: facts.dataType,
    allowedValues: allowedForSize(name, size) ?? facts.allowedValues,
    description: facts.description,
    documentationLink: documentationLink(name, runtime.series),
    source: overrides[name] === undefined ? 'system-default' : 'user-override',
    isDynamic: facts.isDynamic,
    isReadOnly,
    isPendingRestart: !facts.isDynamic && !isSameValue(value, currentValue),
  };
}

/** Where Azure allows a size less than MySQL does. */
function allowedForSize(name: string, { maxConnections, maxBufferPoolBytes }: ServerSize): string | undefined {
  if (name === 'max_connections') return `10-${maxConnections.max}`;
  if (name === 'innodb_buffer_pool_size') return `${SMALLEST_BUFFER_POOL}-${maxBufferPoolBytes}`;
  return undefined;
}

/** What the smallest machine makes of a size's default, see `options.ts`. */
const SMALLEST_BUFFER_POOL = 32 * 1024 ** 2;

async function variableFacts(connection: Connection, runtime: MysqlRuntime): Promise<Map<string, VariableFacts>> {
  const key = `${runtime.id} ${runtime.fullVersion}`;
  const cached = factsOfRuntime.get(key);
  if (cached) return cached;
  const described = await describeVariables(connection);
  const defaults = await compiledDefaults(runtime);
  const facts = new Map<string, VariableFacts>();
  for (const { name, dataType, min, max, description } of described) {
    const enumerated = ENUMERATED_VALUES[name];
    const range = min === '' || min === null || min === max ? '' : `${min}-${max}`;
    facts.set(name, {
      dataType: dataType === 'Boolean' || (dataType === 'String' && enumerated) ? 'Enumeration' : dataType,
      allowedValues: dataType === 'Boolean' ? 'ON,OFF' : (enumerated ?? range),
      description,
      isDynamic: await isDynamic(connection, name),
      compiledDefault: defaults.get(name),
    });
  }
  factsOfRuntime.set(key, facts);
  return facts;
}

interface DescribedVariable {
  name: string;
  dataType: MysqlConfiguration['dataType'] | 'Boolean';
  min: string | null;
  max: string | null;
  description: string;
}

/** Servers before 9.0 have no table of descriptions: there the kind follows from range and value. */
async function describeVariables(connection: Connection): Promise<DescribedVariable[]> {
  const [table] = await rows<{ present: number }>(
    connection,
    `SELECT COUNT(*) AS present FROM information_schema.tables
      WHERE table_schema = 'performance_schema' AND table_name = 'variables_metadata'`,
  );
  if (table?.present) {
    return rows<DescribedVariable>(
      connection,
      `SELECT variable_name AS name, data_type AS dataType, min_value AS min, max_value AS max,
              documentation AS description FROM performance_schema.variables_metadata`,
    );
  }
  return rows<DescribedVariable>(
    connection,
    `SELECT variable_name AS name, min_value AS min, max_value AS max, '' AS description,
            CASE WHEN variable_value IN ('ON', 'OFF') THEN 'Boolean'
                 WHEN min_value <> max_value THEN 'Integer'
                 ELSE 'String' END AS dataType
       FROM performance_schema.variables_info JOIN performance_schema.global_variables USING (variable_name)`,
  );
}

/**
 * Whether SET GLOBAL takes it. The server resolves all names of a SET before it checks any value and sets none when a
 * value is wrong, so this asks without changing anything.
 */
async function isDynamic(connection: Connection, name: string): Promise<boolean> {
  try {
    await connection.query(`SET GLOBAL event_scheduler = 'neither', GLOBAL ${name} = DEFAULT`);
  } catch (failure) {
    const { code } = failure as { code?: string };
    if (code === 'ER_WRONG_VALUE_FOR_VAR') return true;
    if (code === 'ER_INCORRECT_GLOBAL_LOCAL_VAR' || code === 'ER_LOCAL_VARIABLE' || code === 'ER_NO_DEFAULT')
      return false;
    throw failure;
  }
  throw new Error('The server took a value for event_scheduler that it should not have.');
}

/** What mysqld says it does when told nothing: the table at the end of `--verbose --help`. */
async function compiledDefaults(runtime: MysqlRuntime, run: RunProgram = runProgram): Promise<Map<string, string>> {
  const { file, args } = runtime.command('mysqld');
  const { stdout } = await run(file, [
    ...args,
    '--no-defaults',
    `--basedir=${runtime.basedir}`,
    `--lc-messages-dir=${runtime.messagesDirectory}`,
    '--verbose',
    '--help',
  ]);
  return parseCompiledDefaults(stdout);
}

/** @param help output of `mysqld --verbose --help`. */
export function parseCompiledDefaults(help: string): Map<string, string> {
  const table = help.split(/^-{10,} -{5,}$/m)[1] ?? '';
  const words: Record<string, string> = { TRUE: 'ON', FALSE: 'OFF', '(No default value)': '' };
  const lines = table.trim().split('\n\n')[0]!.split('\n');
  return new Map(
    lines.map((line) => {
      const [, name, value] = /^(\S+)\s*(.*)$/.exec(line) as unknown as [string, string, string];
      return [name.replaceAll('-', '_'), words[value] ?? value];
    }),
  );
}

function isSameValue(one: string, other: string): boolean {
  const plain = (value: string) =>
    value
      .toLowerCase()
      .replace(/^(1|on)$/, 'on')
      .replace(/^(0|off)$/, 'off');
  return plain(one) === plain(other);
}

/** The page of MySQL's manual that describes it. */
function documentationLink(name: string, series: string): string {
  const page = PAGES.find(([prefix]) => prefix.test(name))?.[1] ?? 'server-system-variables';
  return `https://dev.mysql.com/doc/refman/${series}/en/${page}.html#sysvar_${name}`;
}

const PAGES: [RegExp, string][] = [
  [/^innodb_/, 'innodb-parameters'],
  [/^performance_schema/, 'performance-schema-system-variables'],
  [/^(gtid_|enforce_gtid)/, 'replication-options-gtids'],
  [/^(binlog_|log_bin|sync_binlog|max_binlog)/, 'replication-options-binary-log'],
  [/^(replica_|slave_|relay_|rpl_)/, 'replication-options-replica'],
  [/^auto_increment_/, 'replication-options-source'],
];
