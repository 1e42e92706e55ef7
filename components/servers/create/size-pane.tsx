'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { SidePane } from '@/components/ui/dialog';
import { NumberField } from '@/components/ui/number-field';
import { RadioCards } from '@/components/ui/radio-cards';
import { SliderField } from '@/components/ui/slider-field';
import { Switch } from '@/components/ui/checkbox';
import { estimateForm } from '@/lib/rules/create-server-estimate';
import { createServerFaults, type CreateServerForm } from '@/lib/rules/create-server-form';
import { findEdition, findOfferedSize, type LocationOffer } from '@/lib/rules/location-offer';
import { includedIops, MIN_IOPS } from '@/lib/rules/storage';
import { TIER_TEXTS } from '@/lib/rules/skus';
import { valuesForSize, valuesForTier } from '@/lib/rules/workload-presets';
import { money } from './money';
import { SizeTable } from './size-table';
import { StorageField } from './storage-field';

interface SizePaneProps {
  offer: LocationOffer;
  form: CreateServerForm;
  onApply: (values: Partial<CreateServerForm>) => void;
  onClose: () => void;
}

/** Tier, size, storage, IOPS and backups, tried out on a copy of the form until it is applied. */
export function SizePane({ offer, form, onApply, onClose }: SizePaneProps) {
  const [trial, setTrial] = useState(form);
  const change = (values: Partial<CreateServerForm>) => setTrial({ ...trial, ...values });
  const edition = findEdition(offer, trial.tier) ?? offer.editions[0];
  const size = findOfferedSize(offer, trial.skuName);
  const faults = faultsOf(trial, offer);
  const included = size ? includedIops(trial.storageGiB, size.sku) : MIN_IOPS;
  const estimate = estimateForm(trial);
  const wrong = SIZE_FIELDS.find((field) => faults[field]);
  if (!edition) return null;
  return (
    <SidePane
      isOpen
      onClose={onClose}
      width="wide"
      title="Compute + storage"
      subtitle={estimate ? `${money.format(estimate.total)} a month by list price` : undefined}
      footer={
        <>
          <Button
            variant="primary"
            onClick={() => onApply(changedSize(trial, form))}
            disabledReason={wrong && faults[wrong]}
          >
            Use this size
          </Button>
          <Button onClick={onClose}>Discard</Button>
        </>
      }
    >
      <div className="grid gap-5">
        <RadioCards
          label="Tier"
          columns={3}
          value={trial.tier}
          onChange={(tier) => {
            const next = findEdition(offer, tier);
            if (next) change(valuesForTier(trial, next));
          }}
          options={offer.editions.map(({ tier }) => ({
            id: tier,
            label: TIER_TEXTS[tier].label,
            description: TIER_TEXTS[tier].summary,
          }))}
        />
        <SizeTable
          edition={edition}
          value={trial.skuName}
          error={faults.skuName}
          onChange={(chosen) => change(valuesForSize(trial, edition, chosen))}
        />
        <div>
          <StorageField
            min={edition.storage.minGiB}
            max={edition.storage.maxGiB}
            value={trial.storageGiB}
            onChange={(storageGiB) => change({ storageGiB })}
            error={faults.storageGiB}
          />
          <div className="md:pl-[min(230px,35%)]">
            <Switch
              label="Grow by itself when it gets full"
              checked={trial.storageAutogrow}
              onChange={(storageAutogrow) => change({ storageAutogrow })}
            />
          </div>
        </div>
        <div>
          <RadioCards
            label="IOPS"
            columns={2}
            value={trial.iopsMode}
            onChange={(id) =>
              change({ iopsMode: id as CreateServerForm['iopsMode'], iops: Math.max(trial.iops, included) })
            }
            options={[
              {
                id: 'included',
                label: `Included: ${included.toLocaleString('en-US')}`,
                description: '300 and 3 more for each GiB of storage, at no extra cost.',
              },
              {
                id: 'provisioned',
                label: 'Provisioned',
                description: `A number of your own, up to ${(size?.sku.maxIops ?? MIN_IOPS).toLocaleString('en-US')} for this size.`,
              },
            ]}
          />
          {trial.iopsMode === 'provisioned' && (
            <NumberField
              label="Provisioned IOPS"
              min={MIN_IOPS}
              max={size?.sku.maxIops}
              value={trial.iops}
              onChange={(iops) => change({ iops })}
              error={faults.iops}
              description={`${included.toLocaleString('en-US')} are included; those above are billed.`}
            />
          )}
        </div>
        <div>
          <SliderField
            label="Backup retention"
            unit="days"
            min={edition.backupRetentionDays.min}
            max={edition.backupRetentionDays.max}
            value={trial.backupRetentionDays}
            onChange={(backupRetentionDays) => change({ backupRetentionDays })}
            error={faults.backupRetentionDays}
            description="How long backups are kept. It can be changed later."
          />
          {offer.geoBackupRegions.length > 0 && (
            <Switch
              label="Geo-redundant backup"
              description={`Keeps a second copy of the backups in ${offer.geoBackupRegions.join(', ')}.`}
              checked={trial.geoRedundantBackup}
              onChange={(geoRedundantBackup) => change({ geoRedundantBackup })}
            />
          )}
        </div>
      </div>
    </SidePane>
  );
}

const SIZE_FIELDS = [
  'skuName',
  'storageGiB',
  'storageAutogrow',
  'iops',
  'backupRetentionDays',
  'geoRedundantBackup',
] as const satisfies (keyof CreateServerForm)[];

function faultsOf(form: CreateServerForm, offer: LocationOffer): Partial<Record<string, string>> {
  return Object.fromEntries(createServerFaults(form, offer).map(({ field, message }) => [field, message]));
}

/** Everything the pane may have touched; a size of one's own is no longer a workload's. */
function changedSize(trial: CreateServerForm, form: CreateServerForm): Partial<CreateServerForm> {
  const fields = [
    ...SIZE_FIELDS,
    'tier',
    'iopsMode',
    'highAvailability',
    'standbyAvailabilityZone',
    'availabilityZone',
  ] as const;
  const changed = fields.some((field) => trial[field] !== form[field]);
  return {
    ...Object.fromEntries(fields.map((field) => [field, trial[field]])),
    ...(changed && { preset: 'custom' as const }),
  };
}
