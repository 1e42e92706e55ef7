import type { CreateServerForm } from './create-server-form.ts';
import { estimateServer, type Estimate } from './prices.ts';
import { findSku } from './skus.ts';
import { includedIops } from './storage.ts';

/** What the server of this form costs a month; undefined while size or storage are not known. */
export function estimateForm(form: CreateServerForm): Estimate | undefined {
  const sku = findSku(form.skuName);
  if (!sku || !Number.isInteger(form.storageGiB) || form.storageGiB <= 0) return undefined;
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
