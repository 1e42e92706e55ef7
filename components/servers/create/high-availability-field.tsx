'use client';

import { useWatch } from 'react-hook-form';
import { Field } from '@/components/ui/field';
import { RadioCards, type RadioCard } from '@/components/ui/radio-cards';
import { Select } from '@/components/ui/select';
import type { CreateServerForm } from '@/lib/rules/create-server-form';
import { findOfferedSize, type HighAvailabilityMode, type LocationOffer } from '@/lib/rules/location-offer';
import { FieldAnchor } from './field-anchor';
import { useCreateForm, useFormField } from './form-fields';

const MODES: Record<HighAvailabilityMode, RadioCard> = {
  SameZone: {
    id: 'SameZone',
    label: 'Same zone',
    description: 'A standby beside the primary. Survives the loss of the server.',
  },
  ZoneRedundant: {
    id: 'ZoneRedundant',
    label: 'Zone redundant',
    description: 'A standby in another zone. Survives the loss of a zone.',
  },
};

/** A standby, where the location offers one for the chosen size; nothing where it does not. */
export function HighAvailabilityField({ offer }: { offer: LocationOffer | undefined }) {
  const { control } = useCreateForm();
  const form = useWatch({ control }) as CreateServerForm;
  const mode = useFormField('highAvailability');
  const standby = useFormField('standbyAvailabilityZone');
  const size = offer && findOfferedSize(offer, form.skuName);
  if (!size || size.highAvailabilityModes.length === 0) return null;
  const zones = size.zones.filter((zone) => mode.value !== 'ZoneRedundant' || zone !== form.availabilityZone);
  return (
    <>
      <FieldAnchor field="highAvailability">
        <Field label="High availability" labelId="high-availability" hintId="high-availability-hint">
          <RadioCards
            label="High availability"
            labelHidden
            columns={1}
            name="highAvailability"
            value={mode.value}
            error={mode.error}
            onChange={(id) => mode.choose(id as CreateServerForm['highAvailability'])}
            options={[
              { id: 'Disabled', label: 'Off', description: 'One server. If it fails, clients wait until it is back.' },
              ...size.highAvailabilityModes.map((id) => MODES[id]),
            ]}
            description={mode.value === 'Disabled' ? undefined : 'Fails over by itself. Doubles compute and storage.'}
          />
        </Field>
      </FieldAnchor>
      {mode.value === 'ZoneRedundant' && (
        <FieldAnchor field="standbyAvailabilityZone">
          <Select
            label="Standby zone"
            name="standbyAvailabilityZone"
            error={standby.error}
            options={[
              { id: 'any', label: 'No preference' },
              ...zones.map((zone) => ({ id: zone, label: `Zone ${zone}` })),
            ]}
            value={standby.value || 'any'}
            onChange={(id) => standby.choose(id === 'any' ? '' : id)}
          />
        </FieldAnchor>
      )}
    </>
  );
}
