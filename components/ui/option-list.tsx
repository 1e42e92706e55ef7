'use client';

import { Check } from 'lucide-react';
import { Header, ListBox, ListBoxItem, ListBoxSection, Text } from 'react-aria-components/ListBox';
import type { ReactNode } from 'react';

/** One choice of a select or combobox. */
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

export const popoverLook =
  'min-w-(--trigger-width) overflow-auto rounded-card border border-line bg-surface p-1 shadow-high data-entering:animate-[fade-in_120ms]';

/** The choices, grouped in the order in which their groups first appear. */
export function OptionList({ options, empty }: { options: Option[]; empty?: ReactNode }) {
  const groups = new Map<string, Option[]>();
  for (const option of options) {
    const group = option.group ?? '';
    groups.set(group, [...(groups.get(group) ?? []), option]);
  }
  return (
    <ListBox
      className="outline-none"
      disabledKeys={options.filter((option) => option.disabledReason).map((option) => option.id)}
      renderEmptyState={() => <div className="px-2.5 py-2 text-text-3">{empty ?? 'Nothing matches'}</div>}
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
      textValue={option.label}
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
