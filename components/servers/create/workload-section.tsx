'use client';

import { useWatch } from 'react-hook-form';
import { Section } from '@/components/ui/card';
import { Field } from '@/components/ui/field';
import { RadioCards } from '@/components/ui/radio-cards';
import { Select } from '@/components/ui/select';
import { Skeleton } from '@/components/ui/skeleton';
import { TextButton } from '@/components/ui/text-button';
import type { CreateServerForm } from '@/lib/rules/create-server-form';
import { findOfferedSize, type LocationOffer } from '@/lib/rules/location-offer';
import { presetSummary, presetValues, WORKLOAD_PRESETS, type PresetId } from '@/lib/rules/workload-presets';
import { FieldAnchor } from './field-anchor';
import { useCreateForm, useFormField } from './form-fields';
import { HighAvailabilityField } from './high-availability-field';
import { sizeWords } from './size-words';

/** Which workload, and what it sets: version, size, zone, standby. */
export function WorkloadSection({
  offer,
  onChangeSize,
}: {
  offer: LocationOffer | undefined;
  onChangeSize: () => void;
}) {
  const { control, setValue, getValues, formState } = useCreateForm();
  const form = useWatch({ control }) as CreateServerForm;
  const version = useFormField('version');
  const zone = useFormField('availabilityZone');
  const zones = (offer && findOfferedSize(offer, form.skuName)?.zones) ?? [];
  const { errors } = formState;
  const sizeError =
    errors.skuName ??
    errors.storageGiB ??
    errors.iops ??
    errors.backupRetentionDays ??
    errors.geoRedundantBackup ??
    errors.storageAutogrow;

  const choosePreset = (id: PresetId) => {
    for (const [name, value] of Object.entries(presetValues(id, offer))) {
      setValue(name as keyof CreateServerForm, value, { shouldDirty: true, shouldValidate: true });
    }
  };

  return (
    <Section title="Workload">
      <div className="max-w-[860px]">
        <RadioCards
          label="Workload"
          labelHidden
          columns={3}
          name="preset"
          value={form.preset}
          onChange={(id) => choosePreset(id as PresetId)}
          options={WORKLOAD_PRESETS.map(({ id, label }) => ({ id, label, description: presetSummary(id, offer) }))}
          description={form.preset === 'custom' ? 'You changed what the workload had set.' : undefined}
        />
      </div>
      <div className="mt-2.5">
        <FieldAnchor field="version">
          <Select
            label="MySQL version"
            required
            name="version"
            loading={!offer && getValues('location') !== ''}
            error={version.error}
            description={offer?.versions.length === 0 ? 'This region has no MySQL version to offer now.' : undefined}
            options={(offer?.versions ?? []).map((name) => ({ id: name, label: `MySQL ${name}` }))}
            value={version.value || null}
            onChange={version.choose}
          />
        </FieldAnchor>
        <FieldAnchor field="size">
          <Field
            label="Compute + storage"
            labelId="compute-label"
            hintId="compute-hint"
            error={sizeError?.message}
            action={<TextButton onClick={onChangeSize}>Change size</TextButton>}
          >
            <div className="min-h-8 pt-1.5">{offer ? sizeWords(form) : <Skeleton width={320} />}</div>
          </Field>
        </FieldAnchor>
        {zones.length > 0 && (
          <FieldAnchor field="availabilityZone">
            <Select
              label="Availability zone"
              name="availabilityZone"
              error={zone.error}
              description="Put the server in the zone of the applications that use it."
              options={[
                { id: 'any', label: 'No preference' },
                ...zones.map((name) => ({ id: name, label: `Zone ${name}` })),
              ]}
              value={zone.value || 'any'}
              onChange={(id) => zone.choose(id === 'any' ? '' : id)}
            />
          </FieldAnchor>
        )}
        <HighAvailabilityField offer={offer} />
      </div>
    </Section>
  );
}
