import type { Configuration } from '../arm/mysql/configuration.ts';
import { configurationProblem } from './configurations.ts';

/** A server parameter, flat. */
export interface ServerParameter {
  name: string;
  /** What it is set to; MySQL has it now, or takes it at its next start. */
  value: string;
  currentValue: string;
  defaultValue: string;
  dataType: string;
  /** `10-341`, `ON,OFF`; empty when anything goes. */
  allowedValues: string;
  description: string;
  documentationLink: string | undefined;
  isReadOnly: boolean;
  /** Takes effect at once; others at the next restart. */
  isDynamic: boolean;
  isPendingRestart: boolean;
  /** A person set it. */
  isModified: boolean;
  group: string;
}

export function toServerParameter({ name, properties }: Configuration): ServerParameter {
  const value = properties.value ?? properties.currentValue ?? '';
  return {
    name,
    value,
    currentValue: properties.currentValue ?? value,
    defaultValue: properties.defaultValue ?? '',
    dataType: properties.dataType ?? 'String',
    allowedValues: properties.allowedValues ?? '',
    description: properties.description ?? '',
    documentationLink: properties.documentationLink ?? undefined,
    isReadOnly: isTrue(properties.isReadOnly),
    isDynamic: isTrue(properties.isDynamicConfig),
    isPendingRestart: isTrue(properties.isConfigPendingRestart),
    isModified: properties.source === 'user-override',
    group: groupOf(name),
  };
}

const isTrue = (word: string | null | undefined) => word?.toLowerCase() === 'true';

/** By the beginnings of names, the first that fits. */
const GROUPS: readonly (readonly [string, RegExp])[] = [
  [
    'Replication and binary log',
    /^(binlog|gtid|log_bin|log_replica|log_slave|relay|replica|rpl_|slave|source_|sync_|server_id|server_uuid|master)/,
  ],
  ['InnoDB', /^innodb/],
  ['Logs', /^(general_log|slow_|log_|long_query|audit|min_examined)/],
  ['Performance schema', /^performance_schema/],
  [
    'Security',
    /^(ssl|tls|require_secure|password|default_password|default_auth|authentication|validate_password|caching_sha2|mysql_native|sha256|admin_ssl|admin_tls|activate_|mandatory_roles|partial_revokes|check_proxy|secure_|local_infile|skip_show|keyring|have_ssl|generated_random|disconnect_on|block_encryption)/,
  ],
  [
    'Connections and threads',
    /^(max_connect|max_user|connect|wait_timeout|interactive|net_|back_log|thread|init_connect|max_allowed_packet|host_cache|skip_name|bind|port|socket|lock_wait|admin_|mysqlx|xa_)/,
  ],
  [
    'Query optimizer',
    /^(optimizer|eq_range|range_|max_execution|max_join|max_seeks|max_length|join_|sort_|read_|group_concat|tmp_table|temptable|internal_tmp|max_heap|bulk_|preload|query_|end_markers|cte_|set_operations|div_precision|windowing|max_points|parser_|sql_select|sql_safe|max_sort|histogram)/,
  ],
  [
    'Character sets, time and text',
    /^(character|collation|default_collation|time_|lc_|ft_|ngram|explicit_defaults|date|timestamp|lower_case|system_time)/,
  ],
  [
    'Caches and tables',
    /^(table_|key_|myisam|flush|open_files|stored_program|schema_definition|tablespace|information_schema|big_tables|default_storage|default_tmp|disabled_storage|create_|concurrent|delay|low_priority|updatable|show_)/,
  ],
];

function groupOf(name: string): string {
  return GROUPS.find(([, pattern]) => pattern.test(name))?.[0] ?? 'Other';
}

/** Which parameters are listed. */
export const PARAMETER_LISTS = {
  changeable: 'Can be changed',
  modified: 'Modified',
  edited: 'Edited here',
  pending: 'Waiting for a restart',
  dynamic: 'Dynamic',
  static: 'Static',
  readOnly: 'Read-only',
  all: 'All',
} as const;
export type ParameterList = keyof typeof PARAMETER_LISTS;

/** Name → the value wanted; null: back to the default. */
export type ParameterEdits = Readonly<Record<string, string | null>>;

export function isListed(parameter: ServerParameter, list: ParameterList, edits: ParameterEdits): boolean {
  switch (list) {
    case 'changeable':
      return !parameter.isReadOnly;
    case 'modified':
      return parameter.isModified;
    case 'edited':
      return parameter.name in edits;
    case 'pending':
      return parameter.isPendingRestart;
    case 'dynamic':
      return !parameter.isReadOnly && parameter.isDynamic;
    case 'static':
      return !parameter.isReadOnly && !parameter.isDynamic;
    case 'readOnly':
      return parameter.isReadOnly;
    case 'all':
      return true;
  }
}

/** Every word is somewhere in its name, value or description. */
export function hasWords({ name, value, description }: ServerParameter, text: string): boolean {
  const within = `${name}\n${value}\n${description}`.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => within.includes(word));
}

/** Whether two values of a parameter are the same to MySQL: `ON` and `on`, `10` and `10.000000`, sets in any order. */
export function isSameValue({ dataType }: Pick<ServerParameter, 'dataType'>, one: string, other: string): boolean {
  if (one === other) return true;
  switch (dataType) {
    case 'Integer':
    case 'Numeric':
      return one.trim() !== '' && other.trim() !== '' && Number(one) === Number(other) && isExact(one, other);
    case 'Enumeration':
    case 'Boolean':
      return one.toLowerCase() === other.toLowerCase();
    case 'Set':
      return setOf(one).join() === setOf(other).join();
    default:
      return false;
  }
}

/** Whole numbers beyond what a double holds are compared as text. */
function isExact(one: string, other: string): boolean {
  return [one, other].every((text) => Math.abs(Number(text)) <= Number.MAX_SAFE_INTEGER) || one.trim() === other.trim();
}

function setOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
    .sort();
}

/** The edits after one more: a value that the parameter already has is no edit. */
export function editParameter(edits: ParameterEdits, parameter: ServerParameter, value: string | null): ParameterEdits {
  const { [parameter.name]: _, ...others } = edits;
  const same = value === null ? !parameter.isModified : isSameValue(parameter, value, parameter.value);
  return same ? others : { ...others, [parameter.name]: value };
}

/** Why an edit can't be sent; undefined when it can. */
export function editProblem(parameter: ServerParameter, edits: ParameterEdits): string | undefined {
  const value = edits[parameter.name];
  return typeof value === 'string' ? configurationProblem(parameter, value) : undefined;
}
