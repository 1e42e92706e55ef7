import { expect, test } from 'vitest';
import type { CapabilitySet } from '../arm/mysql/capabilities.ts';
import { ServerForCreate } from '../arm/mysql/server.ts';
import {
  createServerFaults,
  suggestedAdministratorLogin,
  tabOfField,
  type CreateServerForm,
} from './create-server-form.ts';
import { fieldErrors, firewallRulesToPut, PASSWORD_PLACEHOLDER, serverBody } from './create-server-request.ts';
import { findEdition, findOfferedSize, locationOffer } from './location-offer.ts';
import { administratorLoginProblem } from './names.ts';
import {
  emptyCreateServerForm,
  presetSummary,
  presetValues,
  valuesForSize,
  valuesForTier,
} from './workload-presets.ts';

function capabilities(options: { haModes?: string[]; geo?: string[]; zones?: string[] } = {}): CapabilitySet {
  const { haModes = [], geo = [], zones = ['1', '2', '3'] } = options;
  const size = (name: string, supportedIops: number) => ({
    name,
    supportedIops,
    supportedZones: zones,
    supportedHAMode: haModes,
  });
  const storage = [
    { minStorageSize: 20480, maxStorageSize: 16384 * 1024, minBackupRetentionDays: 1, maxBackupRetentionDays: 35 },
  ];
  return {
    properties: {
      supportedGeoBackupRegions: geo,
      supportedServerVersions: [{ name: '8.4' }, { name: '8.0.21' }, { name: '9.7' }, { name: '10.0' }],
      supportedFlexibleServerEditions: [
        {
          name: 'GeneralPurpose',
          supportedStorageEditions: storage,
          supportedSkus: [size('Standard_D4ads_v5', 6400), size('Standard_D2ads_v5', 3200)],
        },
        {
          name: 'Burstable',
          supportedStorageEditions: storage,
          supportedSkus: [{ ...size('Standard_B1ms', 640), supportedHAMode: [] }],
        },
        {
          name: 'MemoryOptimized',
          supportedStorageEditions: storage,
          supportedSkus: [size('Standard_E16ads_v5', 28000), size('Standard_X1', 1)],
        },
        { name: 'Unheard', supportedStorageEditions: storage, supportedSkus: [size('Standard_D2ads_v5', 3200)] },
      ],
    },
  };
}

const offer = locationOffer(capabilities());
const offerWithStandby = locationOffer(capabilities({ haModes: ['SameZone', 'ZoneRedundant'], geo: ['westus'] }));

function filled(changes: Partial<CreateServerForm> = {}): CreateServerForm {
  return {
    ...emptyCreateServerForm(),
    subscriptionId: '11111111-1111-1111-1111-111111111111',
    resourceGroup: 'shop',
    serverName: 'orders-stage',
    location: 'eastus',
    version: '9.7',
    administratorLogin: 'shopadmin',
    administratorPassword: 'Correct-Horse-9',
    confirmPassword: 'Correct-Horse-9',
    ...changes,
  };
}

/** The faults of a form as `field: message`. */
function faults(form: CreateServerForm, within = offer): Record<string, string> {
  return Object.fromEntries(createServerFaults(form, within).map(({ field, message }) => [field, message]));
}

test('reads what a location offers: tiers in order, sizes from small to large, versions newest first, unknown names left out', () => {
  expect(offer.versions).toEqual(['10.0', '9.7', '8.4', '8.0.21']);
  expect(offer.editions.map(({ tier, sizes }) => [tier, ...sizes.map(({ sku }) => sku.name)])).toEqual([
    ['Burstable', 'Standard_B1ms'],
    ['GeneralPurpose', 'Standard_D2ads_v5', 'Standard_D4ads_v5'],
    ['MemoryOptimized', 'Standard_E16ads_v5'],
  ]);
  expect(findEdition(offer, 'Burstable')?.storage).toEqual({ minGiB: 20, maxGiB: 16384 });
});

test('a filled form is right, an empty one says what to do for each field', () => {
  expect(faults(filled())).toEqual({});
  expect(faults({ ...emptyCreateServerForm(), storageGiB: Number.NaN })).toEqual({
    subscriptionId: 'Choose a subscription.',
    resourceGroup: 'Choose a resource group, or create one.',
    serverName: 'Write a server name.',
    location: 'Choose a region.',
    version: 'Choose a MySQL version.',
    storageGiB: 'Storage must be a whole number of GiB from 20 to 16,384 for Burstable.',
    administratorLogin: 'Write an admin name.',
    administratorPassword: 'Write a password, or generate one.',
  });
});

test.each<[Partial<CreateServerForm>, string]>([
  [{ serverName: 'Orders' }, 'serverName'],
  [{ version: '5.7' }, 'version'],
  [{ skuName: 'Standard_D96ads_v5', tier: 'GeneralPurpose' }, 'skuName'],
  [{ tier: 'GeneralPurpose' }, 'skuName'],
  [{ availabilityZone: '4' }, 'availabilityZone'],
  [{ storageGiB: 19 }, 'storageGiB'],
  [{ storageGiB: 20.5 }, 'storageGiB'],
  [{ storageGiB: Number.NaN }, 'storageGiB'],
  [{ iopsMode: 'provisioned', iops: 641 }, 'iops'],
  [{ backupRetentionDays: 36 }, 'backupRetentionDays'],
  [{ geoRedundantBackup: true }, 'geoRedundantBackup'],
  [{ highAvailability: 'SameZone' }, 'highAvailability'],
  [{ administratorLogin: 'Root' }, 'administratorLogin'],
  [{ administratorPassword: 'short1!', confirmPassword: 'short1!' }, 'administratorPassword'],
  [{ confirmPassword: 'Correct-Horse-8' }, 'confirmPassword'],
  [
    { firewallRules: [{ name: 'a', startIpAddress: '10.0.0.9', endIpAddress: '10.0.0.1' }] },
    'firewallRules.0.endIpAddress',
  ],
  [{ firewallRules: [{ name: '-a', startIpAddress: '10.0.0.1', endIpAddress: '10.0.0.1' }] }, 'firewallRules.0.name'],
  [
    { firewallRules: [{ name: 'a', startIpAddress: '0.0.0.0', endIpAddress: '0.0.0.0' }] },
    'firewallRules.0.startIpAddress',
  ],
  [
    {
      tags: [
        { name: 'team', value: '' },
        { name: 'Team', value: '' },
      ],
    },
    'tags.1.name',
  ],
  [{ tags: [{ name: '', value: 'x' }] }, 'tags.0.name'],
])('%o is wrong at that field alone', (changes, field) => {
  expect(Object.keys(faults(filled(changes)))).toEqual([field]);
});

test('two rules of one name, and the rule that is over the limit', () => {
  const rules = Array.from({ length: 501 }, (_, index) => ({
    name: index === 500 ? 'R0' : `r${index}`,
    startIpAddress: '10.0.0.1',
    endIpAddress: '10.0.0.1',
  }));
  expect(faults(filled({ firewallRules: rules }))).toEqual({
    firewallRules: 'A server has at most 500 firewall rules. Join ranges that lie side by side.',
    'firewallRules.500.name': 'Another rule is already called “R0”.',
  });
});

test('high availability follows what the location offers, and needs its own zone and growing storage', () => {
  const standby = filled({ ...presetValues('production', offerWithStandby), availabilityZone: '1' });
  expect(standby.highAvailability).toBe('ZoneRedundant');
  expect(faults(standby, offerWithStandby)).toEqual({});
  expect(Object.keys(faults({ ...standby, standbyAvailabilityZone: '1' }, offerWithStandby))).toEqual([
    'standbyAvailabilityZone',
  ]);
  expect(Object.keys(faults({ ...standby, storageAutogrow: false }, offerWithStandby))).toEqual(['storageAutogrow']);
});

test('presets set what the location offers and nothing else', () => {
  expect(presetValues('development', offer)).toMatchObject({
    tier: 'Burstable',
    skuName: 'Standard_B1ms',
    iops: 360,
    highAvailability: 'Disabled',
  });
  expect(presetValues('production', offer)).toMatchObject({
    skuName: 'Standard_D2ads_v5',
    storageGiB: 64,
    iops: 492,
    backupRetentionDays: 14,
    highAvailability: 'Disabled',
  });
  // 8 vCores are not there: the next larger size stands in.
  expect(presetValues('productionLarge', offer)).toMatchObject({
    skuName: 'Standard_E16ads_v5',
    geoRedundantBackup: false,
    backupRetentionDays: 35,
  });
  expect(presetValues('productionLarge', offerWithStandby)).toMatchObject({
    geoRedundantBackup: true,
    highAvailability: 'ZoneRedundant',
  });
  expect(presetSummary('production', offer)).toBe('General Purpose, 2 vCores, 64 GiB, 14 days of backup retention.');
  expect(presetSummary('production', offerWithStandby)).toBe(
    'General Purpose, 2 vCores, 64 GiB, standby in another zone, 14 days of backup retention.',
  );
});

test('a smaller tier takes what it does not have out of the form', () => {
  const before = filled({ ...presetValues('production', offerWithStandby), iopsMode: 'provisioned', iops: 3000 });
  const after = { ...before, ...valuesForTier(before, findEdition(offerWithStandby, 'Burstable')!) };
  expect(after).toMatchObject({ skuName: 'Standard_B1ms', iops: 640, highAvailability: 'Disabled', storageGiB: 64 });
  expect(faults(after, offerWithStandby)).toEqual({});
});

test('a size that lacks the chosen zone lets the service choose', () => {
  const oneZone = locationOffer(capabilities({ zones: ['2'] }));
  const size = findOfferedSize(oneZone, 'Standard_D2ads_v5')!;
  const values = valuesForSize(filled({ availabilityZone: '1' }), findEdition(oneZone, 'GeneralPurpose')!, size);
  expect(values.availabilityZone).toBe('');
});

test('the body is one that the service parses, with what was chosen and no more', () => {
  const body = serverBody(filled({ tags: [{ name: 'team', value: 'shop' }] }), 'Correct-Horse-9');
  expect(ServerForCreate.parse(body)).toEqual(body);
  expect(body).toEqual({
    location: 'eastus',
    tags: { team: 'shop' },
    sku: { name: 'Standard_B1ms', tier: 'Burstable' },
    properties: {
      createMode: 'Default',
      version: '9.7',
      administratorLogin: 'shopadmin',
      administratorLoginPassword: 'Correct-Horse-9',
      storage: { storageSizeGB: 20, iops: 360, autoGrow: 'Enabled', autoIoScaling: 'Disabled' },
      backup: { backupRetentionDays: 7, geoRedundantBackup: 'Disabled' },
      highAvailability: { mode: 'Disabled' },
      network: { publicNetworkAccess: 'Enabled' },
    },
  });
});

test('included IOPS follow the storage, provisioned ones stay; zones are sent when chosen', () => {
  const chosen = filled({ availabilityZone: '2', storageGiB: 100, iops: 1 });
  expect(serverBody(chosen, '').properties).toMatchObject({ availabilityZone: '2', storage: { iops: 600 } });
  expect(serverBody({ ...chosen, iopsMode: 'provisioned', iops: 500 }, '').properties?.storage?.iops).toBe(500);
});

test('what is shown to people has no password', () => {
  expect(JSON.stringify(serverBody(filled(), PASSWORD_PLACEHOLDER))).not.toContain('Correct-Horse-9');
});

test('the rule for Azure services is one more rule, with a name of its own', () => {
  const rules = [{ name: 'office', startIpAddress: '10.0.0.1', endIpAddress: '10.0.0.1' }];
  expect(firewallRulesToPut({ allowAzureServices: false, firewallRules: rules })).toEqual(rules);
  expect(firewallRulesToPut({ allowAzureServices: true, firewallRules: rules })[0]).toMatchObject({
    startIpAddress: '0.0.0.0',
    endIpAddress: '0.0.0.0',
  });
});

test.each([
  [{ code: 'PasswordNotComplex', target: 'properties.administratorLoginPassword' }, 'administratorPassword'],
  [{ code: 'InvalidParameterValue', target: 'properties.administratorLogin' }, 'administratorLogin'],
  [{ code: 'InvalidParameterValue', target: 'Storage.StorageSizeGB' }, 'storageGiB'],
  [{ code: 'InvalidParameterValue', target: 'properties.storage.iops' }, 'iops'],
  [{ code: 'InvalidSkuTier', target: 'sku.tier' }, 'skuName'],
  [{ code: 'InvalidServerName', target: 'serverName' }, 'serverName'],
  [{ code: 'ServerNameAlreadyExists' }, 'serverName'],
  [{ code: 'ResourceGroupNotFound' }, 'resourceGroup'],
  [{ code: 'ServerVersionNotSupported', target: 'properties.version' }, 'version'],
])('%o belongs to %s', (error, field) => {
  expect(fieldErrors({ ...error, message: 'Why.' })).toEqual([{ field, message: 'Why.' }]);
});

test('details find their own fields, once each; what belongs nowhere is left to the page', () => {
  const error = {
    code: 'InvalidRequest',
    message: 'Two faults.',
    details: [
      { code: 'X', message: 'A', target: 'properties.version' },
      { code: 'X', message: 'B', target: 'properties.version' },
      { code: 'X', message: 'C', target: 'tags.team' },
      { code: 'X', message: 'D', target: 'properties.unheard' },
    ],
  };
  expect(fieldErrors(error)).toEqual([
    { field: 'version', message: 'A' },
    { field: 'tags', message: 'C' },
  ]);
  expect(fieldErrors({ code: 'AuthorizationFailed', message: 'No.' })).toEqual([]);
});

test('fields know their tab', () => {
  expect(
    ['serverName', 'firewallRules.3.name', 'allowAzureServices', 'tags.0.value', 'confirmPassword'].map(tabOfField),
  ).toEqual(['basics', 'networking', 'networking', 'tags', 'basics']);
});

test.each(['', 'shop-eu', '9-lives', 'public', 'a'.repeat(63)])(
  'the suggestion for “%s” is an allowed admin name',
  (name) => {
    expect(administratorLoginProblem(suggestedAdministratorLogin(name))).toBeUndefined();
  },
);
