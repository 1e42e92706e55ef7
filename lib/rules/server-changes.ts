import { MYSQL_API_VERSION } from '../arm/api-versions.ts';
import { serverId, type ServerKey } from '../arm/resource-id.ts';
import { azServer as az } from './az-command.ts';
import { secretInShell, type ChangeDescription, type ChangeRequest } from './change-description.ts';
import { changedRules, missingRules } from './firewall-rules.ts';
import { highAvailabilityModeWords } from './high-availability.ts';
import type { HighAvailabilityMode } from './location-offer.ts';

/** Changes of one server in the words of the change review: what is sent, what it interrupts, and the same as `az`. */

const about = (key: ServerKey) => ({ resourceId: serverId(key), apiVersion: MYSQL_API_VERSION });

export function describeStart(key: ServerKey): ChangeDescription {
  return {
    ...about(key),
    method: 'POST',
    action: 'start',
    azCommand: az(key, 'start'),
    changes: [{ label: 'State', from: 'Stopped', to: 'Ready' }],
  };
}

export function describeStop(key: ServerKey): ChangeDescription {
  return {
    ...about(key),
    method: 'POST',
    action: 'stop',
    azCommand: az(key, 'stop'),
    changes: [{ label: 'State', from: 'Ready', to: 'Stopped' }],
    restarts: 'Every session ends and nobody can connect until the server is started again. Data and settings stay.',
  };
}

export function describeRestart(key: ServerKey): ChangeDescription {
  return {
    ...about(key),
    method: 'POST',
    action: 'restart',
    body: { restartWithFailover: 'Disabled', maxFailoverSeconds: 0 },
    azCommand: az(key, 'restart'),
    changes: [],
    restarts: 'Every session ends. New ones are accepted again as soon as MySQL is back, usually within seconds.',
  };
}

/** @param wanted without a zone the service chooses one. */
export function describeEnableHighAvailability(
  key: ServerKey,
  wanted: { mode: HighAvailabilityMode; standbyAvailabilityZone?: string | undefined },
  cost?: ChangeDescription['cost'],
): ChangeDescription {
  const { mode, standbyAvailabilityZone: zone } = wanted;
  const somewhere = mode === 'SameZone' ? 'the primary’s' : 'chosen by the service';
  return {
    ...about(key),
    method: 'PATCH',
    body: { properties: { highAvailability: { mode, ...(zone && { standbyAvailabilityZone: zone }) } } },
    azCommand: az(key, 'update', [`--high-availability ${mode}`, ...(zone ? [`--standby-zone ${zone}`] : [])]),
    changes: [
      { label: 'High availability', from: 'Off', to: highAvailabilityModeWords(mode) },
      { label: 'Standby zone', from: null, to: zone ?? somewhere },
    ],
    ...(cost && { cost }),
  };
}

export function describeDisableHighAvailability(
  key: ServerKey,
  { mode, standbyAvailabilityZone }: { mode: string; standbyAvailabilityZone?: string | null | undefined },
  cost?: ChangeDescription['cost'],
): ChangeDescription {
  return {
    ...about(key),
    method: 'PATCH',
    body: { properties: { highAvailability: { mode: 'Disabled' } } },
    azCommand: az(key, 'update', ['--high-availability Disabled']),
    changes: [
      { label: 'High availability', from: highAvailabilityModeWords(mode), to: 'Off' },
      { label: 'Standby', from: standbyAvailabilityZone ? `in zone ${standbyAvailabilityZone}` : null, to: 'removed' },
    ],
    ...(cost && { cost }),
  };
}

/** @param zones where the two are now: they change places. */
export function describeFailover(key: ServerKey, zones: { primary: string; standby: string }): ChangeDescription {
  return {
    ...about(key),
    method: 'POST',
    action: 'failover',
    // The CLI knows forced failovers only.
    azCommand: `az rest --method post \\\n  --url '${serverId(key)}/failover?api-version=${MYSQL_API_VERSION}'`,
    changes: changedPlaces(zones),
    restarts: 'Every session ends. New ones wait until the standby has taken over, and reach it at the same address.',
  };
}

/** @param maxSeconds the most that writes may wait; 0: as long as it takes. */
export function describeForcedFailover(
  key: ServerKey,
  zones: { primary: string; standby: string },
  maxSeconds: number,
): ChangeDescription {
  return {
    ...about(key),
    method: 'POST',
    action: 'restart',
    body: { restartWithFailover: 'Enabled', maxFailoverSeconds: maxSeconds },
    azCommand: az(key, 'restart', ['--failover Forced']),
    changes: changedPlaces(zones),
    restarts:
      'Every session ends at once, with what it was doing unanswered. New ones wait until the standby has taken over.',
  };
}

function changedPlaces({ primary, standby }: { primary: string; standby: string }): ChangeDescription['changes'] {
  if (primary === standby) return [];
  return [
    { label: 'Primary', from: `zone ${primary}`, to: `zone ${standby}` },
    { label: 'Standby', from: `zone ${standby}`, to: `zone ${primary}` },
  ];
}

export function describeDelete(key: ServerKey): ChangeDescription {
  return {
    ...about(key),
    method: 'DELETE',
    azCommand: az(key, 'delete', ['--yes']),
    changes: [{ label: 'Server', from: key.serverName, to: 'deleted with all its databases' }],
  };
}

/** The password itself is not in the description: it is a placeholder in every form. */
export function describeResetPassword(key: ServerKey): ChangeDescription {
  return {
    ...about(key),
    method: 'PATCH',
    body: { properties: { administratorLoginPassword: 'placeholder' } },
    azCommand: az(key, 'update', [`--admin-password ${secretInShell('administratorLoginPassword')}`]),
    changes: [{ label: 'Admin password', from: 'the present one', to: 'a new one' }],
  };
}

export interface AddressRange {
  name: string;
  startIpAddress: string;
  endIpAddress: string;
}

function range({ startIpAddress, endIpAddress }: AddressRange): string {
  return startIpAddress === endIpAddress ? startIpAddress : `${startIpAddress} – ${endIpAddress}`;
}

function putRule(key: ServerKey, rule: AddressRange, verb: 'create' | 'update'): ChangeRequest {
  const { name, startIpAddress, endIpAddress } = rule;
  return {
    resourceId: `${serverId(key)}/firewallRules/${name}`,
    apiVersion: MYSQL_API_VERSION,
    method: 'PUT',
    body: { properties: { startIpAddress, endIpAddress } },
    azCommand: az(
      key,
      `firewall-rule ${verb}`,
      [`--rule-name ${name}`, `--start-ip-address ${startIpAddress}`, `--end-ip-address ${endIpAddress}`],
      '--name',
    ),
  };
}

function deleteRule(key: ServerKey, name: string): ChangeRequest {
  return {
    resourceId: `${serverId(key)}/firewallRules/${name}`,
    apiVersion: MYSQL_API_VERSION,
    method: 'DELETE',
    azCommand: az(key, 'firewall-rule delete', [`--rule-name ${name}`, '--yes'], '--name'),
  };
}

/** What leads from one set of rules to another: new and changed ones first, so that nobody is shut out in between. */
export interface FirewallPlan {
  put: AddressRange[];
  remove: AddressRange[];
}

export function planFirewall(before: AddressRange[], after: AddressRange[]): FirewallPlan {
  return { put: changedRules(after, before), remove: missingRules(before, after) };
}

/** Undefined when nothing changes. */
export function describeFirewall(
  key: ServerKey,
  before: AddressRange[],
  after: AddressRange[],
): ChangeDescription | undefined {
  const { put, remove } = planFirewall(before, after);
  const known = new Map(before.map((rule) => [rule.name.toLowerCase(), rule]));
  const old = (rule: AddressRange) => known.get(rule.name.toLowerCase());
  const requests = [
    ...put.map((rule) => putRule(key, rule, old(rule) ? 'update' : 'create')),
    ...remove.map(({ name }) => deleteRule(key, name)),
  ];
  const [first, ...further] = requests;
  if (!first) return undefined;
  return {
    ...first,
    further,
    changes: [
      ...put.map((rule) => ({ label: rule.name, from: old(rule) ? range(old(rule)!) : null, to: range(rule) })),
      ...remove.map((rule) => ({ label: rule.name, from: range(rule), to: 'removed' })),
    ],
    ...(remove.length > 0 || put.some((rule) => old(rule))
      ? { restarts: 'Sessions from addresses that no rule allows any more are cut at once. All others stay.' }
      : {}),
  };
}

export function describeCreateDatabase(
  key: ServerKey,
  database: { name: string; charset: string; collation: string },
): ChangeDescription {
  const { name, charset, collation } = database;
  return {
    resourceId: `${serverId(key)}/databases/${name}`,
    apiVersion: MYSQL_API_VERSION,
    method: 'PUT',
    body: { properties: { charset, collation } },
    azCommand: az(
      key,
      'db create',
      [`--database-name '${name}'`, `--charset ${charset}`, `--collation ${collation}`],
      '--server-name',
    ),
    changes: [{ label: 'Database', from: null, to: `${name} (${charset}, ${collation})` }],
  };
}

export function describeDeleteDatabase(key: ServerKey, name: string): ChangeDescription {
  return {
    resourceId: `${serverId(key)}/databases/${name}`,
    apiVersion: MYSQL_API_VERSION,
    method: 'DELETE',
    azCommand: az(key, 'db delete', [`--database-name '${name}'`, '--yes'], '--server-name'),
    changes: [{ label: 'Database', from: name, to: 'deleted with all its tables' }],
  };
}

/** All tags of the server, which replace those that it has. */
export function describeTags(
  key: ServerKey,
  before: Record<string, string>,
  after: Record<string, string>,
): ChangeDescription {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  const tags = Object.entries(after).map(([name, value]) => quote(`${name}=${value}`));
  return {
    ...about(key),
    method: 'PATCH',
    body: { tags: after },
    azCommand: az(key, 'update', [`--tags ${tags.length === 0 ? `''` : tags.join(' ')}`]),
    changes: names
      .filter((name) => before[name] !== after[name])
      .map((name) => ({ label: `Tag ${name}`, from: before[name] ?? null, to: after[name] ?? 'removed' })),
  };
}
