'use client';

import { Switch } from '@/components/ui/checkbox';
import { NumberField } from '@/components/ui/number-field';
import { RadioCards } from '@/components/ui/radio-cards';
import {
  findEdition,
  findOfferedSize,
  type Edition,
  type LocationOffer,
  type OfferedSize,
} from '@/lib/rules/location-offer';
import type { ServerSize } from '@/lib/rules/server-size';
import { TIER_TEXTS } from '@/lib/rules/skus';
import { includedIops, MIN_IOPS } from '@/lib/rules/storage';
import { SizeTable } from './size-table';
import { StorageField } from './storage-field';

export type SizeFaults = Partial<Record<keyof ServerSize, string>>;

interface ComputeFieldsProps {
  offer: LocationOffer;
  value: ServerSize;
  faults: SizeFaults;
  onTier: (edition: Edition) => void;
  onSize: (edition: Edition, size: OfferedSize) => void;
  /** Why a tier can't be chosen. */
  tierDisabledReason?: (edition: Edition) => string | undefined;
  /** The size that the server has now. */
  present?: string;
}

/** Tier and size. */
export function ComputeFields({
  offer,
  value,
  faults,
  onTier,
  onSize,
  tierDisabledReason,
  present,
}: ComputeFieldsProps) {
  const edition = findEdition(offer, value.tier) ?? offer.editions[0];
  if (!edition) return null;
  return (
    <div className="grid gap-5">
      <RadioCards
        label="Tier"
        columns={3}
        value={value.tier}
        onChange={(tier) => {
          const next = findEdition(offer, tier);
          if (next) onTier(next);
        }}
        options={offer.editions.map((one) => ({
          id: one.tier,
          label: TIER_TEXTS[one.tier].label,
          description: TIER_TEXTS[one.tier].summary,
          disabledReason: tierDisabledReason?.(one),
        }))}
      />
      <SizeTable
        edition={edition}
        value={value.skuName}
        present={present}
        error={faults.skuName}
        onChange={(chosen) => onSize(edition, chosen)}
      />
    </div>
  );
}

interface StorageFieldsProps {
  offer: LocationOffer;
  value: ServerSize;
  faults: SizeFaults;
  onChange: (values: Partial<ServerSize>) => void;
  /** What the server has; it can't become less. */
  presentGiB?: number;
  autogrowDisabledReason?: string | undefined;
}

/** Storage, whether it grows, and how its IOPS come about. */
export function StorageFields({
  offer,
  value,
  faults,
  onChange,
  presentGiB,
  autogrowDisabledReason,
}: StorageFieldsProps) {
  const edition = findEdition(offer, value.tier) ?? offer.editions[0];
  const sku = findOfferedSize(offer, value.skuName)?.sku;
  const included = sku ? includedIops(value.storageGiB, sku) : MIN_IOPS;
  if (!edition) return null;
  return (
    <div className="grid gap-5">
      <div>
        <StorageField
          min={Math.max(edition.storage.minGiB, presentGiB ?? 0)}
          max={edition.storage.maxGiB}
          value={value.storageGiB}
          onChange={(storageGiB) => onChange({ storageGiB })}
          error={faults.storageGiB}
        />
        <div className="md:pl-[min(230px,35%)]">
          <Switch
            label="Grow by itself when it gets full"
            checked={value.storageAutogrow}
            disabledReason={autogrowDisabledReason}
            description={faults.storageAutogrow}
            onChange={(storageAutogrow) => onChange({ storageAutogrow })}
          />
        </div>
      </div>
      <div>
        <RadioCards
          label="IOPS"
          columns={3}
          value={value.iopsMode}
          onChange={(id) =>
            onChange({
              iopsMode: id as ServerSize['iopsMode'],
              iops: Math.max(value.iops, Number.isNaN(included) ? 0 : included),
            })
          }
          options={[
            {
              id: 'included',
              label: `Included: ${Number.isNaN(included) ? '–' : included.toLocaleString('en-US')}`,
              description: '300 and 3 more for each GiB of storage, at no extra cost.',
            },
            {
              id: 'provisioned',
              label: 'Provisioned',
              description: `A number of your own, up to ${(sku?.maxIops ?? MIN_IOPS).toLocaleString('en-US')} for this size.`,
            },
            {
              id: 'autoscale',
              label: 'Autoscale',
              description: 'The service gives what the load asks for, and bills what was used.',
            },
          ]}
        />
        {value.iopsMode === 'provisioned' && (
          <NumberField
            label="Provisioned IOPS"
            min={MIN_IOPS}
            max={sku?.maxIops}
            value={value.iops}
            onChange={(iops) => onChange({ iops })}
            error={faults.iops}
            description={`${included.toLocaleString('en-US')} are included; those above are billed.`}
          />
        )}
      </div>
    </div>
  );
}
