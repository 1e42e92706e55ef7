'use client';

import { Check } from 'lucide-react';
import { useMemo } from 'react';
import { Autocomplete, useFilter } from 'react-aria-components/Autocomplete';
import { Header, ListBox, ListBoxItem, ListBoxSection, Text } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { Input, SearchField } from 'react-aria-components/SearchField';

/** One choice of a select. */
export interface Option {
  id: string;
  label: string;
  /** Small words under the label. */
  description?: string;
  /** Small words at the right: "3 zones", a price. */
  aside?: string;
  /** Why it can't be chosen; shown in place of the description. */
  disabledReason?: string;
  /** Options with the same group stand together under it. */
  group?: string;
}

interface OptionPopoverProps {
  listId: string;
  labelledBy: string;
  trigger: HTMLElement | null;
  options: Option[];
  value: string | null;
  searchable?: boolean;
  onChange: (id: string) => void;
  onClose: () => void;
}

/** What opens under a `Select`: its choices, with a box to type in where there are many. */
export function OptionPopover({ trigger, searchable, onClose, ...list }: OptionPopoverProps) {
  const triggerRef = useMemo(() => ({ current: trigger }), [trigger]);
  const { contains } = useFilter({ sensitivity: 'base' });
  return (
    <Popover
      triggerRef={triggerRef}
      aria-labelledby={list.labelledBy}
      isOpen
      onOpenChange={(open) => !open && onClose()}
      placement="bottom start"
      style={{ minWidth: trigger?.offsetWidth }}
      className="flex max-w-[min(32rem,calc(100vw-1rem))] flex-col overflow-hidden rounded-card border border-line bg-surface text-text shadow-high data-entering:animate-[fade-in_120ms]"
    >
      {searchable ? (
        <Autocomplete filter={contains}>
          <SearchField aria-label="Find" autoFocus className="border-b border-line px-3">
            <Input placeholder="Find" className="h-9 w-full bg-transparent outline-none placeholder:text-text-3" />
          </SearchField>
          <OptionList {...list} />
        </Autocomplete>
      ) : (
        <OptionList {...list} autoFocus />
      )}
    </Popover>
  );
}

type OptionListProps = Omit<OptionPopoverProps, 'trigger' | 'searchable' | 'onClose'> & { autoFocus?: boolean };

/** The choices, grouped in the order in which their groups first appear. */
function OptionList({ listId, labelledBy, options, value, onChange, autoFocus }: OptionListProps) {
  const groups = new Map<string, Option[]>();
  for (const option of options) {
    const group = option.group ?? '';
    groups.set(group, [...(groups.get(group) ?? []), option]);
  }
  return (
    <ListBox
      id={listId}
      aria-labelledby={labelledBy}
      selectionMode="single"
      autoFocus={autoFocus && (options.some((option) => option.id === value) ? true : 'first')}
      selectedKeys={value === null ? [] : [value]}
      disabledKeys={options.filter((option) => option.disabledReason).map((option) => option.id)}
      // Choosing the chosen one again takes it out of the selection: it stays the choice, and the list closes.
      onSelectionChange={(keys) => onChange(String([...keys][0] ?? value))}
      renderEmptyState={() => (
        <div className="px-2.5 py-2 text-text-3">
          {options.length === 0 ? 'Nothing to choose from' : 'Nothing matches'}
        </div>
      )}
      className="min-h-0 overflow-auto p-1 outline-none"
    >
      {[...groups].map(([group, members]) =>
        group ? (
          <ListBoxSection key={group} id={`group:${group}`}>
            <Header className="px-2.5 pt-2 pb-1 text-2xs font-semibold text-text-3">{group}</Header>
            {members.map(optionItem)}
          </ListBoxSection>
        ) : (
          members.map(optionItem)
        ),
      )}
    </ListBox>
  );
}

function optionItem(option: Option) {
  return (
    <ListBoxItem
      key={option.id}
      id={option.id}
      textValue={`${option.label} ${option.aside ?? ''}`}
      className="group flex min-h-[30px] cursor-pointer items-center gap-2 rounded px-2.5 py-1 outline-none data-disabled:cursor-default data-focused:bg-accent-weak data-hovered:bg-sunken pointer-coarse:min-h-10"
    >
      {({ isSelected }) => (
        <>
          <span className="min-w-0 flex-1">
            <Text slot="label" className="block group-data-disabled:text-text-3">
              {option.label}
            </Text>
            {(option.disabledReason ?? option.description) && (
              <Text slot="description" className="block text-xs text-text-3">
                {option.disabledReason ?? option.description}
              </Text>
            )}
          </span>
          {option.aside && <span className="text-xs text-text-3">{option.aside}</span>}
          <Check size={14} strokeWidth={2} aria-hidden className={isSelected ? 'text-accent' : 'invisible'} />
        </>
      )}
    </ListBoxItem>
  );
}
