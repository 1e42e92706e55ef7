'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { SidePane } from '@/components/ui/dialog';
import { SliderField } from '@/components/ui/slider-field';
import { Switch } from '@/components/ui/checkbox';
import { estimateForm } from '@/lib/rules/create-server-estimate';
import { createServerFaults, type CreateServerForm } from '@/lib/rules/create-server-form';
import { findEdition, type LocationOffer } from '@/lib/rules/location-offer';
import { valuesForSize, valuesForTier } from '@/lib/rules/workload-presets';
import { money } from '@/components/servers/size/money';
import { ComputeFields, StorageFields } from '@/components/servers/size/size-fields';

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
  const faults = faultsOf(trial, offer);
  const estimate = estimateForm(trial, offer);
  const wrong = SIZE_FIELDS.find((field) => faults[field]);
  if (!edition) return null;
  return (
    <SidePane
      isOpen
      onClose={onClose}
      width="wide"
      title="Compute + storage"
      subtitle={
        estimate
          ? `${money.format(estimate.total)} a month by list price`
          : 'Correct what is marked to see what it costs.'
      }
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
        <ComputeFields
          offer={offer}
          value={trial}
          faults={faults}
          onTier={(next) => change(valuesForTier(trial, next))}
          onSize={(within, chosen) => change(valuesForSize(trial, within, chosen))}
        />
        <StorageFields offer={offer} value={trial} faults={faults} onChange={change} />
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
