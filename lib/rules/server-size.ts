import { MYSQL_API_VERSION } from '../arm/api-versions.ts';
import type { Server, ServerForUpdate } from '../arm/mysql/server.ts';
import { serverId, type ServerKey } from '../arm/resource-id.ts';
import type { ChangeDescription } from './change-description.ts';
import type { CreateServerForm, FieldFault } from './create-server-form.ts';
import { highAvailabilityProblem } from './high-availability.ts';
import { findEdition, findOfferedSize, type LocationOffer } from './location-offer.ts';
import { azServer } from './az-command.ts';
import { estimateOfServer, type ServerEstimate } from './server-estimate.ts';
import { findSku, TIER_TEXTS, type Sku, type Tier } from './skus.ts';
import { includedIops, iopsProblem, MIN_IOPS, retentionProblem } from './storage.ts';

/** What Compute + storage chooses: fields of the form that creates a server, so that both have the same pickers. */
export type ServerSize = Pick<
  CreateServerForm,
  'tier' | 'skuName' | 'storageGiB' | 'storageAutogrow' | 'iopsMode' | 'iops' | 'backupRetentionDays'
>;

/** The size that a server has. */
export function sizeOfServer({ sku, properties }: Server): ServerSize {
  const { storage, backup } = properties;
  const storageGiB = storage?.storageSizeGB ?? 20;
  const known = findSku(sku?.name ?? '');
  const included = known ? includedIops(storageGiB, known) : MIN_IOPS;
  const iops = storage?.iops ?? included;
  const autoscale = storage?.autoIoScaling === 'Enabled';
  return {
    tier: (sku?.tier ?? 'Burstable') as Tier,
    skuName: sku?.name ?? '',
    storageGiB,
    storageAutogrow: storage?.autoGrow === 'Enabled',
    iopsMode: autoscale ? 'autoscale' : iops === included ? 'included' : 'provisioned',
    iops,
    backupRetentionDays: backup?.backupRetentionDays ?? 7,
  };
}

/** IOPS that are asked for; null when the service scales them. */
export function iopsOfSize({ iopsMode, iops, storageGiB, skuName }: ServerSize): number | null {
  if (iopsMode === 'autoscale') return null;
  const sku = findSku(skuName);
  return iopsMode === 'included' && sku ? includedIops(storageGiB, sku) : iops;
}

/** What may not be, in the service's words, each at its field. @param offer of the server's location, once it is known. */
export function serverSizeFaults(server: Server, size: ServerSize, offer: LocationOffer | undefined): FieldFault[] {
  const faults: FieldFault[] = [];
  const report = (field: keyof ServerSize, message: string | undefined) => message && faults.push({ field, message });
  const now = sizeOfServer(server);
  const sku = (offer ? findOfferedSize(offer, size.skuName)?.sku : undefined) ?? findSku(size.skuName);
  if (!sku) report('skuName', `${size.skuName} is not offered in this region. Choose another size.`);
  const { highAvailability, replicationRole } = server.properties;
  const mode = highAvailability?.mode ?? 'Disabled';
  const standby = highAvailabilityProblem(mode, { tier: size.tier, autoGrow: true });
  if (standby) report('skuName', 'High availability is not available for Burstable servers. Disable it first.');
  if (size.tier === 'Burstable' && now.tier !== 'Burstable' && isReplicated(replicationRole)) {
    report('skuName', 'Read replicas are not available for Burstable servers. Delete or promote them first.');
  }
  if (mode !== 'Disabled' && !size.storageAutogrow) {
    report('storageAutogrow', 'High availability needs storage that grows by itself. Disable high availability first.');
  }
  report('storageGiB', storageFault(size, now, offer));
  if (size.iopsMode === 'provisioned' && sku) report('iops', iopsProblem(size.iops, sku));
  report('backupRetentionDays', retentionProblem(size.backupRetentionDays));
  return faults;
}

function isReplicated(role: string | null | undefined): boolean {
  return role === 'Source' || role === 'Replica';
}

function storageFault(size: ServerSize, now: ServerSize, offer: LocationOffer | undefined): string | undefined {
  const limits = offer && findEdition(offer, size.tier)?.storage;
  const { minGiB, maxGiB } = limits ?? { minGiB: 20, maxGiB: 32768 };
  if (!Number.isInteger(size.storageGiB) || size.storageGiB < minGiB || size.storageGiB > maxGiB) {
    const from = Math.max(minGiB, now.storageGiB);
    return `Storage must be a whole number of GiB from ${words(from)} to ${words(maxGiB)} for ${TIER_TEXTS[size.tier].label}.`;
  }
  if (size.storageGiB < now.storageGiB) {
    return `Storage never shrinks: the server has ${words(now.storageGiB)} GiB. To have less, move the data to a new server.`;
  }
  return undefined;
}

/** Sessions end when compute changes; everything else is changed while the server runs. */
export function interruptsOfSize(server: Server, size: ServerSize): string | undefined {
  if (size.skuName === (server.sku?.name ?? '')) return undefined;
  return (server.properties.highAvailability?.mode ?? 'Disabled') === 'Disabled'
    ? 'The server restarts with its new compute. Every session ends; new ones are accepted again as soon as MySQL is back.'
    : 'It rolls: the standby restarts with the new compute, takes over, and then the former primary does. Clients see one planned failover: sessions end, writes wait for a moment, and nothing that was acknowledged is lost.';
}

/** What of a change there is no way back from, a sentence each. */
export function irreversibleOfSize(now: ServerSize, size: ServerSize): string[] {
  const found: string[] = [];
  if (size.storageGiB > now.storageGiB) {
    found.push('Storage never shrinks: there is no way back to less, other than moving the data to a new server.');
  }
  if (size.backupRetentionDays < now.backupRetentionDays) {
    found.push(
      `Backups older than ${days(size.backupRetentionDays)} are deleted: no moment before that can be restored any more.`,
    );
  }
  return found;
}

/** The PATCH that leads from the server's size to another: only what changes is in it. */
export function sizePatch(server: Server, size: ServerSize): ServerForUpdate | undefined {
  const now = sizeOfServer(server);
  const iops = iopsOfSize(size);
  const storage = {
    ...(size.storageGiB !== now.storageGiB && { storageSizeGB: size.storageGiB }),
    ...(size.storageAutogrow !== now.storageAutogrow && { autoGrow: enabled(size.storageAutogrow) }),
    ...((iops === null) !== (now.iopsMode === 'autoscale') && { autoIoScaling: enabled(iops === null) }),
    ...(iops !== null && iops !== now.iops && { iops }),
  };
  const properties = {
    ...(Object.keys(storage).length > 0 && { storage }),
    ...(size.backupRetentionDays !== now.backupRetentionDays && {
      backup: { backupRetentionDays: size.backupRetentionDays },
    }),
  };
  const sku = size.skuName !== now.skuName && { sku: { name: size.skuName, tier: size.tier } };
  if (!sku && Object.keys(properties).length === 0) return undefined;
  return { ...sku, ...(Object.keys(properties).length > 0 && { properties }) };
}

/** The change in the words of the review; undefined when nothing changes. */
export function describeSize(
  key: ServerKey,
  server: Server,
  size: ServerSize,
  backupGiB?: number,
): ChangeDescription | undefined {
  const body = sizePatch(server, size);
  if (!body) return undefined;
  const now = sizeOfServer(server);
  const { storage, backup } = body.properties ?? {};
  const restarts = interruptsOfSize(server, size);
  const cost = costOfSize(server, size, backupGiB);
  return {
    resourceId: serverId(key),
    apiVersion: MYSQL_API_VERSION,
    method: 'PATCH',
    body,
    azCommand: azServer(key, 'update', [
      ...(body.sku ? [`--tier ${size.tier}`, `--sku-name ${size.skuName}`] : []),
      ...(storage?.storageSizeGB ? [`--storage-size ${storage.storageSizeGB}`] : []),
      ...(storage?.autoGrow ? [`--storage-auto-grow ${storage.autoGrow}`] : []),
      ...(storage?.autoIoScaling ? [`--auto-scale-iops ${storage.autoIoScaling}`] : []),
      ...(storage?.iops ? [`--iops ${storage.iops}`] : []),
      ...(backup?.backupRetentionDays ? [`--backup-retention ${backup.backupRetentionDays}`] : []),
    ]),
    changes: [
      { label: 'Compute', from: computeWords(now), to: computeWords(size) },
      { label: 'Storage', from: `${words(now.storageGiB)} GiB`, to: `${words(size.storageGiB)} GiB` },
      { label: 'Storage auto-growth', from: enabled(now.storageAutogrow), to: enabled(size.storageAutogrow) },
      { label: 'IOPS', from: iopsWords(now), to: iopsWords(size) },
      { label: 'Backup retention', from: days(now.backupRetentionDays), to: days(size.backupRetentionDays) },
    ].filter(({ from, to }) => from !== to),
    ...(restarts && { restarts }),
    ...(cost && { cost }),
  };
}

/**
 * By list price, before and after; undefined for a size that has no price.
 *
 * @param backupGiB what the server's backups take, where that is known: more storage makes more of it free.
 */
export function estimatesOfSize(
  server: Server,
  size: ServerSize,
  backupGiB?: number,
): { from: ServerEstimate; to: ServerEstimate } | undefined {
  const { storage, backup, ...properties } = server.properties;
  const iops = iopsOfSize(size);
  const after: Server = {
    ...server,
    sku: { name: size.skuName, tier: size.tier },
    properties: {
      ...properties,
      storage: {
        ...storage,
        storageSizeGB: size.storageGiB,
        autoIoScaling: enabled(iops === null),
        ...(iops !== null && { iops }),
      },
      backup: { ...backup, backupRetentionDays: size.backupRetentionDays },
    },
  };
  const [from, to] = [estimateOfServer(server, backupGiB), estimateOfServer(after, backupGiB)];
  return from && to && { from, to };
}

/** The same in dollars a month. */
export function costOfSize(
  server: Server,
  size: ServerSize,
  backupGiB?: number,
): { from: number; to: number } | undefined {
  const found = estimatesOfSize(server, size, backupGiB);
  return found && { from: found.from.total, to: found.to.total };
}

function computeWords({ tier, skuName }: ServerSize): string {
  const sku: Sku | undefined = findSku(skuName);
  const detail = sku ? `, ${sku.vCores} ${sku.vCores === 1 ? 'vCore' : 'vCores'}, ${sku.memoryGiB} GiB` : '';
  return `${TIER_TEXTS[tier]?.label ?? tier}, ${skuName}${detail}`;
}

function iopsWords(size: ServerSize): string {
  const iops = iopsOfSize(size);
  return iops === null ? 'scale by themselves' : words(iops);
}

function days(count: number): string {
  return count === 1 ? '1 day' : `${count} days`;
}

function words(count: number): string {
  return count.toLocaleString('en-US');
}

function enabled(value: boolean): 'Enabled' | 'Disabled' {
  return value ? 'Enabled' : 'Disabled';
}
