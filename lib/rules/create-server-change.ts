import { MYSQL_API_VERSION } from '../arm/api-versions.ts';
import { serverId } from '../arm/resource-id.ts';
import type { NamedAddressRange } from './address-ranges.ts';
import { shellWord } from './az-command.ts';
import { secretInShell, type ChangeDescription, type ChangeRequest } from './change-description.ts';
import type { CreateServerForm } from './create-server-form.ts';
import { firewallRulesToPut, PASSWORD_PLACEHOLDER, serverBody } from './create-server-request.ts';
import { estimateForm } from './create-server-estimate.ts';

/**
 * The requests that creating this server sends, to be shown as code. What is not filled in yet stands as a
 * placeholder; the password always does.
 */
export function describeCreateServer(filled: CreateServerForm): ChangeDescription {
  const form = withPlaceholders(filled);
  const key = { subscriptionId: form.subscriptionId, resourceGroup: form.resourceGroup, serverName: form.serverName };
  const id = serverId(key);
  const estimate = estimateForm(filled);
  return {
    resourceId: id,
    apiVersion: MYSQL_API_VERSION,
    method: 'PUT',
    body: { ...serverBody(form, PASSWORD_PLACEHOLDER) },
    azCommand: azCreate(form),
    changes: [],
    ...(estimate && { cost: { from: null, to: estimate.total } }),
    further: firewallRulesToPut(form).map((rule) => firewallRuleRequest(form, id, rule)),
  };
}

function firewallRuleRequest(form: CreateServerForm, id: string, rule: NamedAddressRange): ChangeRequest {
  return {
    resourceId: `${id}/firewallRules/${rule.name}`,
    apiVersion: MYSQL_API_VERSION,
    method: 'PUT',
    body: { properties: { startIpAddress: rule.startIpAddress, endIpAddress: rule.endIpAddress } },
    azCommand: command('az mysql flexible-server firewall-rule create', [
      ['--resource-group', form.resourceGroup],
      ['--name', form.serverName],
      ['--rule-name', rule.name],
      ['--start-ip-address', rule.startIpAddress],
      ['--end-ip-address', rule.endIpAddress],
    ]),
  };
}

function withPlaceholders(form: CreateServerForm): CreateServerForm {
  return {
    ...form,
    subscriptionId: form.subscriptionId || '<subscription-id>',
    resourceGroup: form.resourceGroup || '<resource-group>',
    serverName: form.serverName || '<server-name>',
    location: form.location || '<location>',
    version: form.version || '<version>',
    administratorLogin: form.administratorLogin || '<admin-name>',
    storageGiB: Number.isNaN(form.storageGiB) ? 0 : form.storageGiB,
    firewallRules: form.firewallRules.filter((rule) => rule.name !== '' && !rule.name.includes('/')),
    tags: form.tags.filter(({ name }) => name !== ''),
  };
}

function azCreate(form: CreateServerForm): string {
  const { properties } = serverBody(form, '');
  const standby = properties?.highAvailability;
  return command('az mysql flexible-server create', [
    ['--subscription', form.subscriptionId],
    ['--resource-group', form.resourceGroup],
    ['--name', form.serverName],
    ['--location', form.location],
    ['--version', form.version],
    ['--tier', form.tier],
    ['--sku-name', form.skuName],
    ['--storage-size', String(form.storageGiB)],
    ...(form.iopsMode === 'autoscale'
      ? [['--auto-scale-iops', 'Enabled'] as Option]
      : [['--iops', String(properties?.storage?.iops ?? form.iops)] as Option]),
    ['--storage-auto-grow', form.storageAutogrow ? 'Enabled' : 'Disabled'],
    ['--backup-retention', String(form.backupRetentionDays)],
    ...(form.geoRedundantBackup ? [['--geo-redundant-backup', 'Enabled'] as Option] : []),
    ...(form.availabilityZone === '' ? [] : [['--zone', form.availabilityZone] as Option]),
    ...(form.highAvailability === 'Disabled' ? [] : [['--high-availability', form.highAvailability] as Option]),
    ...(standby?.standbyAvailabilityZone ? [['--standby-zone', standby.standbyAvailabilityZone] as Option] : []),
    ['--admin-user', form.administratorLogin],
    ['--admin-password', { shell: secretInShell('administratorLoginPassword') }],
    // The server takes public connections; the rules that let clients in follow.
    ['--public-access', 'None'],
    ...(form.tags.length === 0
      ? []
      : [['--tags', { shell: form.tags.map(({ name, value }) => shellWord(`${name}=${value}`)).join(' ') }] as Option]),
  ]);
}

type Option = [flag: string, value: string | { shell: string }];

function command(name: string, options: Option[]): string {
  const lines = options.map(([flag, value]) => `${flag} ${typeof value === 'string' ? shellWord(value) : value.shell}`);
  return [name, ...lines].join(' \\\n  ');
}
