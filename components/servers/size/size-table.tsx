'use client';

import { useId } from 'react';
import { classNames } from '@/components/ui/class-names';
import { FieldHint } from '@/components/ui/field';
import type { Edition, OfferedSize } from '@/lib/rules/location-offer';
import { computePerMonth } from '@/lib/rules/prices';
import type { Sku } from '@/lib/rules/skus';
import { money } from './money';

interface SizeTableProps {
  edition: Edition;
  value: string;
  /** The size that the server has now. */
  present?: string;
  error?: string;
  onChange: (size: OfferedSize) => void;
}

const head = 'px-3 py-2 text-xs font-[560] text-text-2';
const number = new Intl.NumberFormat('en-US');

const COLUMNS: { title: string; render: (sku: Sku) => string }[] = [
  { title: 'vCores', render: (sku) => number.format(sku.vCores) },
  { title: 'Memory', render: (sku) => `${number.format(sku.memoryGiB)} GiB` },
  { title: 'Max IOPS', render: (sku) => number.format(sku.maxIops) },
  { title: 'Max connections', render: (sku) => number.format(sku.maxConnections.max) },
  { title: 'A month', render: (sku) => money.format(computePerMonth(sku)) },
];

/** The sizes of a tier: native radios, one a row, so that arrow keys move through them. */
export function SizeTable({ edition, value, present, error, onChange }: SizeTableProps) {
  const id = useId();
  return (
    <fieldset aria-describedby={`${id}-hint`} className="min-w-0">
      <legend className="mb-1.5 text-text-2">Size</legend>
      <div className="max-h-[296px] overflow-auto rounded-card border border-line" tabIndex={-1}>
        <table className="w-full border-collapse">
          <thead className="sticky top-0 bg-surface shadow-[0_1px_0_var(--line)]">
            <tr>
              <th scope="col" className={classNames(head, 'text-left')}>
                Size
              </th>
              {COLUMNS.map(({ title }) => (
                <th key={title} scope="col" className={classNames(head, 'text-right whitespace-nowrap')}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {edition.sizes.map((size) => {
              const { sku } = size;
              const chosen = sku.name === value;
              return (
                <tr
                  key={sku.name}
                  onClick={() => onChange(size)}
                  className={classNames(
                    'cursor-pointer border-b border-line last:border-b-0',
                    chosen ? 'bg-accent-weak' : 'hover:bg-sunken',
                  )}
                >
                  <th scope="row" className="px-3 py-1.5 text-left font-normal">
                    <label className="flex items-center gap-2 whitespace-nowrap">
                      <input
                        type="radio"
                        name={id}
                        checked={chosen}
                        onChange={() => onChange(size)}
                        className="size-4 accent-accent"
                      />
                      {sku.name}
                      {sku.name === present && <span className="text-xs text-text-3">now</span>}
                    </label>
                  </th>
                  {COLUMNS.map(({ title, render }) => (
                    <td key={title} className="px-3 py-1.5 text-right whitespace-nowrap">
                      {render(sku)}
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <FieldHint id={`${id}-hint`} error={error} description="Compute alone, by list price." />
    </fieldset>
  );
}
