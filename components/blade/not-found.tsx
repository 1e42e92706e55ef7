'use client';

import { Compass, House, Server } from 'lucide-react';
import { LinkButton } from '@/components/ui/link';
import { EmptyState } from '@/components/ui/states';
import { paths } from '@/lib/paths';
import { BladeFrame } from './blade-frame';

/** An address that leads nowhere. */
export function NotFound() {
  return (
    <BladeFrame crumbs={[{ label: 'Home', href: paths.home() }, { label: 'Not found' }]} title="Not found">
      <EmptyState
        icon={Compass}
        title="There is no page at this address"
        action={
          <>
            <LinkButton href={paths.home()} variant="primary" icon={House}>
              Home
            </LinkButton>
            <LinkButton href={paths.servers()} icon={Server}>
              Servers
            </LinkButton>
          </>
        }
      >
        The link may be old, or a part of it got lost. Search by name with Ctrl K, or paste a resource id there.
      </EmptyState>
    </BladeFrame>
  );
}
