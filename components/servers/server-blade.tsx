'use client';

import { RefreshCw, ServerOff } from 'lucide-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { BladeFrame } from '@/components/blade/blade-frame';
import type { Command } from '@/components/blade/command-bar';
import { Card } from '@/components/ui/card';
import { Link, LinkButton } from '@/components/ui/link';
import { Notice } from '@/components/ui/notice';
import { EmptyState } from '@/components/ui/states';
import { Time } from '@/components/ui/time';
import type { Server } from '@/lib/arm/mysql/server';
import { serverKeyOf, type ServerKey } from '@/lib/arm/resource-id';
import { apiPaths, paths } from '@/lib/paths';
import { isGone, keyOf } from '@/lib/queries/client';
import { useFlexdeckLocal } from '@/lib/queries/flexdeck-local';
import { autoStartQuery } from '@/lib/queries/schedules';
import { useRememberServer } from './recent-servers';
import { useServerKey } from './server-key';
import { ServerStatePill } from './server-state';
import { useServer } from './use-server';

interface ServerBladeProps {
  /** "Networking"; absent on Overview, whose title is the server's name. */
  title?: string;
  commands?: Command[];
  notices?: ReactNode;
  footer?: ReactNode;
  width?: 'normal' | 'wide';
  children: ReactNode;
}

/** One blade of a server: the way here, its state, its commands with Refresh among them, and why it is in a bad state. */
export function ServerBlade({ title, commands = [], notices, footer, width, children }: ServerBladeProps) {
  const key = useServerKey();
  const server = useServer(key);
  const client = useQueryClient();
  useRememberServer(key, server.data !== undefined);
  const state = server.data?.properties.state;
  // Also of one that was deleted while somebody looked at it: what is still shown of it is not so any more.
  const gone = isGone(server.error);
  const refresh: Command = {
    id: 'refresh',
    label: 'Refresh',
    icon: RefreshCw,
    onSelect: () => void client.invalidateQueries({ queryKey: keyOf(apiPaths.server(key)) }),
    pending: server.isFetching,
  };
  return (
    <BladeFrame
      crumbs={[
        { label: 'Home', href: paths.home() },
        { label: 'Servers', href: paths.servers() },
        ...(title
          ? [{ label: key.serverName, href: paths.server(key) }, { label: title }]
          : [{ label: key.serverName }]),
      ]}
      title={title ?? key.serverName}
      documentTitle={title ? `${title} – ${key.serverName}` : key.serverName}
      pill={!title && !gone && <ServerStatePill state={state} />}
      type={title ? key.serverName : 'MySQL flexible server'}
      commands={gone ? [refresh] : [...commands, refresh]}
      notices={
        !gone && (
          <>
            <StateNotice server={server.data} />
            {notices}
          </>
        )
      }
      footer={!gone && footer}
      width={width}
    >
      {gone ? <Gone server={key} /> : children}
    </BladeFrame>
  );
}

function Gone({ server: { serverName, resourceGroup } }: { server: ServerKey }) {
  return (
    <Card>
      <EmptyState
        icon={ServerOff}
        title={`There is no server “${serverName}” in the resource group ${resourceGroup}`}
        action={
          <>
            <LinkButton href={paths.servers()}>All servers</LinkButton>
            <LinkButton href={paths.deletedServers()}>Deleted servers</LinkButton>
          </>
        }
      >
        It may have been deleted. One that was deleted lately can be recovered.
      </EmptyState>
    </Card>
  );
}

function StateNotice({ server }: { server: Server | undefined }) {
  const { state, stateReason } = server?.properties ?? {};
  if (state === 'Disabled') {
    return (
      <Notice tone="bad" title="This server is not running." action={<StartLink server={server} />}>
        {stateReason ?? 'Start it to try again.'}
      </Notice>
    );
  }
  if (state === 'Stopped') {
    return (
      <Notice tone="info" title="This server is stopped." action={<StartLink server={server} />}>
        {stateReason ?? 'Nobody can connect. Start it to use or change it; its data and settings are kept.'}
        <AutoStartWords server={serverKeyOf(server?.id ?? '')} />
      </Notice>
    );
  }
  return null;
}

/** To the pane that starts it, from whichever blade one is on. */
function StartLink({ server }: { server: Server | undefined }) {
  const key = serverKeyOf(server?.id ?? '');
  return key && <Link href={paths.server(key, 'overview', 'start')}>Start the server</Link>;
}

/** A stopped server does not stay so for ever; the local cloud says until when. */
function AutoStartWords({ server }: { server: ServerKey | undefined }) {
  const isLocal = useFlexdeckLocal(server?.subscriptionId ?? '');
  const none = { subscriptionId: '', resourceGroup: '', serverName: '' };
  const { data } = useQuery({ ...autoStartQuery(server ?? none), enabled: isLocal && server !== undefined });
  const startsAt = data?.properties.startsAt;
  if (!startsAt) return null;
  return (
    <>
      {' '}
      It starts by itself on <Time value={startsAt} />.
    </>
  );
}
