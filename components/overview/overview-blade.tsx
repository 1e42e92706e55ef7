'use client';

import { ArchiveRestore, Cable, KeyRound, Play, RotateCw, Square, Trash2 } from 'lucide-react';
import dynamic from 'next/dynamic';
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import type { Command } from '@/components/blade/command-bar';
import { usePinnedCharts } from '@/components/metrics/pinned-charts';
import { ServerBlade } from '@/components/servers/server-blade';
import { useServerKey } from '@/components/servers/server-key';
import { useServer } from '@/components/servers/use-server';
import { serverId } from '@/lib/arm/resource-id';
import { paths } from '@/lib/paths';
import { usePermission } from '@/lib/queries/permissions';
import { actionProblem, type ServerAction } from '@/lib/rules/server-actions';
import { Essentials } from './essentials';
import { LastHour } from './last-hour';
import { NextSteps } from './next-steps';
import type { OverviewActions } from './overview-actions';
import { OverviewNotices } from './overview-notices';
import { RecentActivity } from './recent-activity';

// Charts are fetched where some are pinned.
const PinnedCharts = dynamic(() => import('./pinned').then((module) => module.PinnedCharts));

// Panes are fetched when they are opened.
const DeleteServerDialog = dynamic(() => import('./delete-server-dialog').then((module) => module.DeleteServerDialog));
const ResetPasswordPane = dynamic(() => import('./reset-password-pane').then((module) => module.ResetPasswordPane));
const StatePane = dynamic(() => import('./state-pane').then((module) => module.StatePane));
const loadStatePane = () => import('./state-pane');

const PANES = ['start', 'stop', 'restart', 'reset-password', 'delete'] as const;

/** What a server is, how it does, and what can be done with it. */
export function OverviewBlade({ actions }: { actions: OverviewActions }) {
  const key = useServerKey();
  const { data: server } = useServer(key);
  const { charts: pinned } = usePinnedCharts(key);
  const [pane, setPane] = useQueryState('pane', parseAsStringLiteral(PANES).withOptions({ history: 'push' }));
  const id = serverId(key);
  const state = server?.properties.state ?? '';
  const mayWrite = usePermission(id, 'Microsoft.DBforMySQL/flexibleServers/write');
  const mayStart = usePermission(id, 'Microsoft.DBforMySQL/flexibleServers/start/action');
  const mayStop = usePermission(id, 'Microsoft.DBforMySQL/flexibleServers/stop/action');
  const mayRestart = usePermission(id, 'Microsoft.DBforMySQL/flexibleServers/restart/action');
  const mayDelete = usePermission(id, 'Microsoft.DBforMySQL/flexibleServers/delete');
  const problem = (forbidden: string | undefined, action: ServerAction) =>
    forbidden ?? (server ? actionProblem(action, state) : 'The server is being loaded.');
  const open = (name: (typeof PANES)[number]) => () => void setPane(name);
  const close = () => void setPane(null);
  const commands: Command[] = [
    { id: 'connect', label: 'Connect', icon: Cable, href: paths.server(key, 'connect') },
    {
      id: 'restart',
      label: 'Restart',
      icon: RotateCw,
      onSelect: open('restart'),
      disabledReason: problem(mayRestart, 'restart'),
      load: loadStatePane,
    },
    {
      id: 'stop',
      label: 'Stop',
      icon: Square,
      onSelect: open('stop'),
      disabledReason: problem(mayStop, 'stop'),
      load: loadStatePane,
    },
    {
      id: 'start',
      label: 'Start',
      icon: Play,
      onSelect: open('start'),
      disabledReason: problem(mayStart, 'start'),
      load: loadStatePane,
    },
    {
      id: 'password',
      label: 'Reset password',
      icon: KeyRound,
      onSelect: open('reset-password'),
      disabledReason: problem(mayWrite, 'update'),
      load: () => import('./reset-password-pane'),
    },
    { id: 'restore', label: 'Restore', icon: ArchiveRestore, href: paths.server(key, 'backup') },
    {
      id: 'delete',
      label: 'Delete',
      icon: Trash2,
      onSelect: open('delete'),
      disabledReason: problem(mayDelete, 'delete'),
      load: () => import('./delete-server-dialog'),
    },
  ];
  return (
    <ServerBlade commands={commands} notices={<OverviewNotices server={key} />}>
      <Essentials server={key} />
      <LastHour server={key} />
      {pinned.length > 0 && <PinnedCharts server={key} />}
      <div className="grid items-start gap-[18px] lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <RecentActivity server={key} />
        <NextSteps server={key} />
      </div>
      {(pane === 'start' || pane === 'stop' || pane === 'restart') && (
        <StatePane
          key={pane}
          server={key}
          action={pane}
          run={actions[pane]}
          problem={problem({ start: mayStart, stop: mayStop, restart: mayRestart }[pane], pane)}
          onClose={close}
        />
      )}
      {pane === 'reset-password' && (
        <ResetPasswordPane
          server={key}
          run={actions.resetPassword}
          problem={problem(mayWrite, 'update')}
          onClose={close}
        />
      )}
      {pane === 'delete' && (
        <DeleteServerDialog server={key} run={actions.remove} problem={problem(mayDelete, 'delete')} onClose={close} />
      )}
    </ServerBlade>
  );
}
