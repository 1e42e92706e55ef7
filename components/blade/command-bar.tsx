'use client';

import type { LucideIcon } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { LinkButton } from '@/components/ui/link';

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
}

/** What can be done here: quiet buttons with icon and word. */
export function CommandBar({ commands }: { commands: Command[] }) {
  return (
    <div role="toolbar" aria-label="Commands" className="button-row gap-0.5">
      {commands.map(({ id, label, icon, href, onSelect, disabledReason, pending }) =>
        href && !disabledReason ? (
          <LinkButton key={id} variant="quiet" icon={icon} href={href}>
            {label}
          </LinkButton>
        ) : (
          <Button
            key={id}
            variant="quiet"
            icon={icon}
            onClick={onSelect}
            disabledReason={disabledReason}
            pending={pending}
          >
            {label}
          </Button>
        ),
      )}
    </div>
  );
}
