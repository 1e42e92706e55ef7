'use client';

import { Ellipsis, type LucideIcon } from 'lucide-react';
import { useLayoutEffect, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { loadModal } from '@/components/ui/dialog';
import { IconButton } from '@/components/ui/icon-button';
import { LinkButton } from '@/components/ui/link';
import { Menu } from '@/components/ui/menu';
import { onIntent, type LoadCode } from '@/components/ui/on-intent';

export interface Command {
  id: string;
  label: string;
  icon: LucideIcon;
  /** Goes there; otherwise `onSelect` runs. */
  href?: string;
  onSelect?: () => void;
  /** Why it does not apply now and what would enable it; the command stays in its place. */
  disabledReason?: string | null | false;
  pending?: boolean;
  /** Code of the pane that it opens, fetched when the pointer or the focus comes near. */
  load?: LoadCode;
}

/** What can be done here: quiet buttons with icon and word on one line; those that find no room are behind the dots. */
export function CommandBar({ commands }: { commands: Command[] }) {
  const { row, fitting } = useFitting(commands.length);
  const others = commands.slice(fitting);
  return (
    <div role="toolbar" aria-label="Commands" className="flex">
      {/* What does not fit wraps onto lines that are not seen, so that the first picture is right without a script. */}
      <div
        ref={row}
        className="-m-[3px] flex h-9 min-w-0 flex-1 flex-wrap gap-x-0.5 gap-y-4 overflow-hidden p-[3px] pointer-coarse:h-[46px]"
      >
        {commands.map((command, index) => (
          <div key={command.id} className={index < fitting ? undefined : 'invisible'}>
            <CommandButton {...command} />
          </div>
        ))}
      </div>
      {others.length > 0 && (
        <Menu
          label="More commands"
          sections={[{ items: others.map(({ load: _load, pending: _pending, ...item }) => item) }]}
        >
          {(trigger) => <IconButton icon={Ellipsis} label="More commands" {...trigger} />}
        </Menu>
      )}
    </div>
  );
}

function CommandButton({ label, icon, href, onSelect, disabledReason, pending, load }: Command) {
  if (href && !disabledReason) {
    return (
      <LinkButton variant="quiet" icon={icon} href={href}>
        {label}
      </LinkButton>
    );
  }
  return (
    <Button
      variant="quiet"
      icon={icon}
      onClick={onSelect}
      disabledReason={disabledReason}
      pending={pending}
      {...(load && !disabledReason && onIntent(load, loadModal))}
    >
      {label}
    </Button>
  );
}

/** How many of a wrapping row's children stand on its first line. */
function useFitting(count: number) {
  const row = useRef<HTMLDivElement>(null);
  const [fitting, setFitting] = useState(count);
  useLayoutEffect(() => {
    const items = [...(row.current?.children ?? [])].slice(0, count) as HTMLElement[];
    const measure = () => setFitting(items.filter(({ offsetTop }) => offsetTop === items[0]?.offsetTop).length);
    measure();
    // Their widths change with the window, and when the font comes.
    const observer = new ResizeObserver(measure);
    if (row.current) observer.observe(row.current);
    for (const item of items) observer.observe(item);
    return () => observer.disconnect();
  }, [count]);
  return { row, fitting };
}
