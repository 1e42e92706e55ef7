import { createServerFaults, type CreateServerForm } from './create-server-form.ts';
import type { LocationOffer } from './location-offer.ts';
import { estimateServer, type Estimate } from './prices.ts';
import { findSku } from './skus.ts';
import { includedIops } from './storage.ts';

const PRICED = new Set(['skuName', 'storageGiB', 'iops', 'backupRetentionDays']);

/**
 * What the server of this form costs a month; undefined while what has a price is missing or wrong: nobody can have a
 * server of 7 GiB, so it has no price.
 */
export function estimateForm(form: CreateServerForm, offer?: LocationOffer): Estimate | undefined {
  const sku = findSku(form.skuName);
  if (!sku || createServerFaults(form, offer).some(({ field }) => PRICED.has(field))) return undefined;
  const included = includedIops(form.storageGiB, sku);
  return estimateServer({
    sku,
    storageGiB: form.storageGiB,
    iops: iopsOf(form, included),
    includedIops: included,
    standby: form.highAvailability !== 'Disabled',
    backupRetentionDays: form.backupRetentionDays,
  });
}

function iopsOf({ iopsMode, iops }: CreateServerForm, included: number): number | null {
  if (iopsMode === 'autoscale') return null;
  return iopsMode === 'provisioned' && Number.isInteger(iops) ? iops : included;
}
