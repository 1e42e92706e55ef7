import type { ErrorDetail } from '../arm/error.ts';
import type { ServerForCreate } from '../arm/mysql/server.ts';
import {
  AZURE_SERVICES_ADDRESS,
  AZURE_SERVICES_RULE_NAME,
  freeRuleName,
  type NamedAddressRange,
} from './address-ranges.ts';
import type { CreateServerForm } from './create-server-form.ts';
import { findSku } from './skus.ts';
import { includedIops } from './storage.ts';

/** What stands in the place of the password wherever the request is shown to people. */
export const PASSWORD_PLACEHOLDER = '<admin-password>';

/**
 * The body of the PUT that creates the server. Nothing is in it that was not chosen: the service has its own defaults.
 *
 * @param password the real one for sending; the placeholder for showing.
 */
export function serverBody(form: CreateServerForm, password: string): ServerForCreate {
  const sku = findSku(form.skuName);
  const standby = form.highAvailability !== 'Disabled';
  const tags = Object.fromEntries(form.tags.map(({ name, value }) => [name, value]));
  return {
    location: form.location,
    ...(form.tags.length > 0 && { tags }),
    sku: { name: form.skuName, tier: form.tier },
    properties: {
      createMode: 'Default',
      version: form.version,
      administratorLogin: form.administratorLogin,
      administratorLoginPassword: password,
      ...(form.availabilityZone !== '' && { availabilityZone: form.availabilityZone }),
      storage: {
        storageSizeGB: form.storageGiB,
        ...(form.iopsMode !== 'autoscale' && {
          iops: form.iopsMode === 'provisioned' || !sku ? form.iops : includedIops(form.storageGiB, sku),
        }),
        autoGrow: enabled(form.storageAutogrow),
        autoIoScaling: enabled(form.iopsMode === 'autoscale'),
      },
      backup: {
        backupRetentionDays: form.backupRetentionDays,
        geoRedundantBackup: enabled(form.geoRedundantBackup),
      },
      highAvailability: {
        mode: form.highAvailability,
        ...(standby &&
          form.standbyAvailabilityZone !== '' && { standbyAvailabilityZone: form.standbyAvailabilityZone }),
      },
      network: { publicNetworkAccess: 'Enabled' },
    },
  };
}

function enabled(value: boolean): 'Enabled' | 'Disabled' {
  return value ? 'Enabled' : 'Disabled';
}

/** The firewall rules to put once the server is there, that for Azure services first. */
export function firewallRulesToPut(
  form: Pick<CreateServerForm, 'allowAzureServices' | 'firewallRules'>,
): NamedAddressRange[] {
  if (!form.allowAzureServices) return form.firewallRules;
  const name = freeRuleName(
    AZURE_SERVICES_RULE_NAME,
    form.firewallRules.map((rule) => rule.name),
  );
  return [
    { name, startIpAddress: AZURE_SERVICES_ADDRESS, endIpAddress: AZURE_SERVICES_ADDRESS },
    ...form.firewallRules,
  ];
}

/** Paths of ARM's body, longest first where one begins another, and the field that holds the value. */
const FIELD_OF_TARGET: readonly (readonly [string, keyof CreateServerForm])[] = [
  ['properties.administratorLoginPassword', 'administratorPassword'],
  ['properties.administratorLogin', 'administratorLogin'],
  ['properties.version', 'version'],
  ['properties.availabilityZone', 'availabilityZone'],
  ['properties.storage.storageSizeGB', 'storageGiB'],
  ['properties.storage.iops', 'iops'],
  ['properties.storage.autoGrow', 'storageAutogrow'],
  ['properties.storage', 'storageGiB'],
  ['properties.backup.backupRetentionDays', 'backupRetentionDays'],
  ['properties.backup.geoRedundantBackup', 'geoRedundantBackup'],
  ['properties.highAvailability.standbyAvailabilityZone', 'standbyAvailabilityZone'],
  ['properties.highAvailability', 'highAvailability'],
  ['sku', 'skuName'],
  ['location', 'location'],
  ['tags', 'tags'],
  ['serverName', 'serverName'],
  ['name', 'serverName'],
  ['resourceGroup', 'resourceGroup'],
];

/** For errors whose target is absent: what the code alone tells. */
const FIELD_OF_CODE: Readonly<Record<string, keyof CreateServerForm>> = {
  InvalidServerName: 'serverName',
  ServerNameAlreadyExists: 'serverName',
  NameAlreadyExists: 'serverName',
  ServerAlreadyExists: 'serverName',
  InvalidUserName: 'administratorLogin',
  BlockedUserName: 'administratorLogin',
  PasswordTooShort: 'administratorPassword',
  PasswordTooLong: 'administratorPassword',
  PasswordNotComplex: 'administratorPassword',
  ResourceGroupNotFound: 'resourceGroup',
  ResourceGroupBeingDeleted: 'resourceGroup',
  LocationNotAvailableForResourceType: 'location',
  InvalidLocation: 'location',
  InvalidTags: 'tags',
  ServerVersionNotSupported: 'version',
  SubscriptionNotFound: 'subscriptionId',
};

export interface FieldError {
  field: keyof CreateServerForm;
  message: string;
}

/**
 * Which field each part of ARM's refusal belongs to: by `target` (with or without `properties.`), else by code.
 * What belongs to none is shown above the form by the caller.
 */
export function fieldErrors(error: Pick<ErrorDetail, 'code' | 'message' | 'target' | 'details'>): FieldError[] {
  const own = fieldOf(error);
  const found: FieldError[] = own ? [{ field: own, message: error.message }] : [];
  for (const detail of error.details ?? []) {
    for (const inner of fieldErrors(detail)) {
      if (!found.some(({ field }) => field === inner.field)) found.push(inner);
    }
  }
  return found;
}

function fieldOf({ code, target }: { code: string; target?: string }): keyof CreateServerForm | undefined {
  if (target) {
    const path = target.replace(/^\$\.|^parameters\.|^body\./i, '').toLowerCase();
    const row = FIELD_OF_TARGET.find(([candidate]) => {
      const known = candidate.toLowerCase();
      const short = known.replace('properties.', '');
      return [known, short].some((name) => path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[`));
    });
    if (row) return row[1];
  }
  return FIELD_OF_CODE[code];
}
