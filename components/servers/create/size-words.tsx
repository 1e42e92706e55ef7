import type { CreateServerForm } from '@/lib/rules/create-server-form';
import { findSku, TIER_TEXTS } from '@/lib/rules/skus';
import { includedIops } from '@/lib/rules/storage';

const number = new Intl.NumberFormat('en-US');

/** `General Purpose · Standard_D2ads_v5 · 2 vCores, 8 GiB, 492 IOPS · 64 GiB that grows by itself · …` */
export function sizeWords(form: CreateServerForm) {
  const sku = findSku(form.skuName);
  if (!sku) return <span>{form.skuName || 'No size chosen'}</span>;
  const storage = Number.isNaN(form.storageGiB) ? '?' : number.format(form.storageGiB);
  return (
    <>
      <b className="font-semibold">{TIER_TEXTS[form.tier].label}</b> · {sku.name} · {count(sku.vCores, 'vCore')},{' '}
      {number.format(sku.memoryGiB)} GiB memory · {storage} GiB storage{form.storageAutogrow && ' that grows by itself'}
      , {iopsWords(form)} · backup retention {count(form.backupRetentionDays, 'day')}
      {form.geoRedundantBackup && ', geo-redundant'}
    </>
  );
}

/** `684 IOPS`, or that they scale. */
function iopsWords(form: CreateServerForm): string {
  return form.iopsMode === 'autoscale' ? 'IOPS that scale by themselves' : `${number.format(iopsOf(form))} IOPS`;
}

/** IOPS in force: those chosen, or those that come with the storage. */
export function iopsOf(form: Pick<CreateServerForm, 'iops' | 'iopsMode' | 'skuName' | 'storageGiB'>): number {
  const sku = findSku(form.skuName);
  return form.iopsMode === 'provisioned' || !sku ? form.iops : includedIops(form.storageGiB, sku);
}

export function count(amount: number, word: string): string {
  return `${number.format(amount)} ${word}${amount === 1 ? '' : 's'}`;
}
