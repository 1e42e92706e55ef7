'use client';

import { Card } from '@/components/ui/card';
import { estimateForm } from '@/lib/rules/create-server-estimate';
import type { CreateServerForm } from '@/lib/rules/create-server-form';
import type { LocationOffer } from '@/lib/rules/location-offer';
import { findSku } from '@/lib/rules/skus';
import { money } from '@/components/servers/size/money';
import { count, iopsOf } from './size-words';

const number = new Intl.NumberFormat('en-US');

/** What the server of the form costs and gives, kept current while one fills it in. */
export function EstimateCard({ form, offer }: { form: CreateServerForm; offer: LocationOffer | undefined }) {
  const estimate = estimateForm(form, offer);
  const sku = findSku(form.skuName);
  const iops = iopsOf(form);
  return (
    <Card title="Estimate" aside="list price" flush className="self-start">
      {estimate && sku ? (
        <>
          <dl className="grid px-4 py-1" aria-live="polite">
            {estimate.lines.map(({ label, amount }) => (
              <Line key={label} term={label} value={amount === null ? 'included' : money.format(amount)} />
            ))}
            <div className="flex justify-between gap-3 py-2 font-semibold">
              <dt>A month</dt>
              <dd>{money.format(estimate.total)}</dd>
            </div>
          </dl>
          <dl className="grid border-t border-line px-4 py-1 text-text-2">
            <Line term="vCores" value={number.format(sku.vCores)} />
            <Line term="Memory" value={`${number.format(sku.memoryGiB)} GiB`} />
            <Line
              term="IOPS"
              value={form.iopsMode === 'autoscale' ? 'autoscale' : Number.isNaN(iops) ? '–' : number.format(iops)}
            />
            <Line term="Connections, at most" value={number.format(sku.maxConnections.max)} />
            <Line
              term="Backup retention"
              value={Number.isNaN(form.backupRetentionDays) ? '–' : count(form.backupRetentionDays, 'day')}
            />
          </dl>
          <p className="border-t border-line px-4 py-2.5 text-text-3">{failureWords(form)}</p>
        </>
      ) : (
        <p className="px-4 py-3 text-text-3">
          {sku ? 'Correct size and storage to see what they cost.' : 'Choose a size and storage to see what they cost.'}
        </p>
      )}
    </Card>
  );
}

function failureWords(form: CreateServerForm): string {
  return form.highAvailability === 'Disabled'
    ? 'No standby: if the server fails it is started again in place, and clients wait until it is back. A few seconds on the local cloud, 60\u2060–\u2060120\u00a0s on Azure.'
    : 'With a standby: if the primary fails, the standby takes over by itself. Nothing acknowledged is lost.';
}

function Line({ term, value }: { term: string; value: string }) {
  return (
    <div className="flex justify-between gap-3 border-b border-line py-2 last:border-b-0">
      <dt>{term}</dt>
      <dd className="whitespace-nowrap">{value}</dd>
    </div>
  );
}
