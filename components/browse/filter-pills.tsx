import { ChevronDown, X } from 'lucide-react';
import { useMemo } from 'react';
import { Button } from '@/components/ui/button';
import { classNames } from '@/components/ui/class-names';
import { IconButton } from '@/components/ui/icon-button';
import { Menu } from '@/components/ui/menu';
import { TextButton } from '@/components/ui/text-button';
import {
  countFacet,
  FACET_LABELS,
  FACETS,
  facetValueLabel,
  filterFleet,
  type Facet,
  type FleetFilter,
  type FleetServer,
} from '@/lib/rules/fleet';

/** More values than this make no menu; the filter box finds the others. */
const MOST_VALUES = 100;

interface FilterPillsProps {
  servers: readonly FleetServer[];
  filter: FleetFilter;
  onChange: (facet: Facet, values: string[]) => void;
  onClear: () => void;
  isFiltered: boolean;
}

/** One pill for each facet: what is chosen of it, and a menu with how many servers have which value. */
export function FilterPills({ servers, filter, onChange, onClear, isFiltered }: FilterPillsProps) {
  const hasHighAvailability = servers.some(({ highAvailability }) => highAvailability !== 'Disabled');
  return (
    <div role="group" aria-label="Filters" className="button-row items-center gap-1.5">
      {FACETS.map((facet) => {
        const chosen = filter.facets[facet] ?? [];
        if (facet === 'ha' && !hasHighAvailability && chosen.length === 0) return null;
        return (
          <FilterPill
            key={facet}
            facet={facet}
            servers={servers}
            filter={filter}
            chosen={chosen}
            onChange={(values) => onChange(facet, values)}
          />
        );
      })}
      {isFiltered && <TextButton onClick={onClear}>Clear filters</TextButton>}
    </div>
  );
}

interface FilterPillProps {
  facet: Facet;
  servers: readonly FleetServer[];
  filter: FleetFilter;
  chosen: readonly string[];
  onChange: (values: string[]) => void;
}

function FilterPill({ facet, servers, filter, chosen, onChange }: FilterPillProps) {
  const label = FACET_LABELS[facet];
  // The other filters hold, this one's own does not: its values are what one could choose instead.
  const counts = useMemo(
    () =>
      countFacet(
        filterFleet(servers, { ...filter, facets: { ...filter.facets, [facet]: [] } }),
        facet,
        filter.facets[facet],
      ),
    [servers, filter, facet],
  );
  const isChosen = (value: string) => chosen.some((other) => other.toLowerCase() === value.toLowerCase());
  const toggle = (value: string) =>
    onChange(
      isChosen(value) ? chosen.filter((other) => other.toLowerCase() !== value.toLowerCase()) : [...chosen, value],
    );
  const shown = [...counts].sort((a, b) => Number(isChosen(b.value)) - Number(isChosen(a.value))).slice(0, MOST_VALUES);
  const words = chosen.map((value) => facetValueLabel(facet, value));
  return (
    <span
      className={classNames(
        'inline-flex max-w-full items-center rounded-full border pointer-coarse:[&_button]:h-10',
        chosen.length > 0 ? 'border-accent bg-accent-weak pr-0.5' : 'border-line-strong bg-surface',
      )}
    >
      <Menu
        label={`Filter by ${label.toLowerCase()}`}
        header={
          counts.length > shown.length
            ? `The ${shown.length} most frequent of ${counts.length.toLocaleString('en-US')}; the filter box finds the others.`
            : undefined
        }
        sections={[
          {
            title: label,
            multiple: true,
            items: shown.map(({ value, label: text, count }) => ({
              id: value,
              label: `${text} (${count.toLocaleString('en-US')})`,
              checked: isChosen(value),
              onSelect: () => toggle(value),
            })),
          },
        ]}
      >
        {(trigger) => (
          <Button
            {...trigger}
            variant="quiet"
            className="h-7! max-w-full min-w-0 rounded-full! [&>*]:min-w-0"
            disabledReason={counts.length === 0 && `No server has a ${label.toLowerCase()}.`}
          >
            <span className="truncate">
              {label}
              {words.length > 0 && (
                <b className="font-[560]">
                  : {words.slice(0, 2).join(', ')}
                  {words.length > 2 && ` + ${words.length - 2}`}
                </b>
              )}
            </span>
            <ChevronDown size={13} aria-hidden className="shrink-0 text-text-3" />
          </Button>
        )}
      </Menu>
      {chosen.length > 0 && (
        <IconButton
          icon={X}
          size={24}
          label={`Drop the filter by ${label.toLowerCase()}`}
          onClick={() => onChange([])}
        />
      )}
    </span>
  );
}
