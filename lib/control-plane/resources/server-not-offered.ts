import type { ServerForCreate, ServerForUpdate } from '../../arm/mysql/server.ts';
import { invalidParameter, notOffered } from './refusals.ts';

type Body = ServerForCreate | ServerForUpdate;
type Properties = NonNullable<ServerForCreate['properties']>;

interface Row {
  target: string;
  /** True when the request asks for it. */
  asked(properties: Properties, body: Body): unknown;
  /** Subject and verb of "… not available in this location." */
  what: string;
}

/**
 * What Azure offers and this control plane does not have yet: a row goes when the thing works. Nothing is accepted
 * that would then not be done.
 */
const NOT_OFFERED: readonly Row[] = [
  {
    target: 'properties.createMode',
    asked: ({ createMode }) => createMode === 'Replica',
    what: 'Read replicas are',
  },
  {
    target: 'properties.createMode',
    asked: ({ createMode }) => createMode === 'Rename',
    what: 'Renaming a server is',
  },
  {
    target: 'properties.createMode',
    asked: ({ createMode }) => createMode === 'Migrate',
    what: 'Moving a single server is',
  },
  {
    target: 'properties.replicationRole',
    asked: ({ replicationRole }) => replicationRole === 'Source' || replicationRole === 'Replica',
    what: 'Read replicas are',
  },
  {
    target: 'properties.network.delegatedSubnetResourceId',
    asked: ({ network }) => network?.delegatedSubnetResourceId,
    what: 'Private access through a virtual network is',
  },
  {
    target: 'properties.network.privateDnsZoneResourceId',
    asked: ({ network }) => network?.privateDnsZoneResourceId,
    what: 'Private access through a virtual network is',
  },
  {
    target: 'properties.dataEncryption',
    asked: ({ dataEncryption }) => dataEncryption?.type === 'AzureKeyVault' || dataEncryption?.['primaryKeyURI'],
    what: 'Encryption with a key of your own is',
  },
  {
    target: 'identity',
    asked: (_, { identity }) => Object.keys(identity?.userAssignedIdentities ?? {}).length > 0,
    what: 'A user-assigned identity is',
  },
  {
    target: 'properties.storage.storageRedundancy',
    asked: ({ storage }) => storage?.storageRedundancy === 'ZoneRedundancy',
    what: 'Zone-redundant storage is',
  },
  {
    target: 'properties.storage.logOnDisk',
    asked: ({ storage }) => storage?.logOnDisk === 'Enabled',
    what: 'Logging to a disk of its own (accelerated logs) is',
  },
  {
    target: 'properties.importSourceProperties',
    asked: ({ importSourceProperties }) => Object.keys(importSourceProperties ?? {}).length > 0,
    what: 'Importing from a storage account is',
  },
  {
    target: 'properties.lowerCaseTableNames',
    asked: ({ lowerCaseTableNames }) => lowerCaseTableNames === 2,
    what: 'lower_case_table_names 2 is',
  },
];

/** @throws {ArmError} 400 for the first thing in `body` that is not offered, with its path as the target. */
export function refuseWhatIsNotOffered(body: Body): void {
  const properties: Properties = { ...(body.properties as Properties) };
  const row = NOT_OFFERED.find((candidate) => candidate.asked(properties, body));
  if (row) throw notOffered(row.target, row.what);

  const { lowerCaseTableNames } = properties;
  if (lowerCaseTableNames !== undefined && lowerCaseTableNames !== null && lowerCaseTableNames !== 1) {
    throw invalidParameter(
      'properties.lowerCaseTableNames',
      'lower_case_table_names can be 1 or 2, chosen at creation.',
    );
  }
}
