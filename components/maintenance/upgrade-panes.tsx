import { useState } from 'react';
import { ChangePane } from '@/components/servers/change-pane';
import { useServerChange, type BeginAction } from '@/components/servers/use-server-change';
import { Checkbox } from '@/components/ui/checkbox';
import { Notice } from '@/components/ui/notice';
import { Time } from '@/components/ui/time';
import type { UpgradeCheck } from '@/lib/arm/local/upgrade';
import type { Server } from '@/lib/arm/mysql/server';
import type { ServerKey } from '@/lib/arm/resource-id';
import { describeCheckUpgrade, describeUpgrade } from '@/lib/rules/upgrade-changes';

interface PaneProps {
  server: ServerKey;
  /** The series to go to. */
  to: string;
  disabledReason: string | undefined;
  onClose: () => void;
}

/** Looks at what stands against an upgrade; nothing of the server is changed. */
export function CheckUpgradePane({
  server,
  to,
  run,
  disabledReason,
  onClose,
}: PaneProps & { run: BeginAction<[ServerKey, { version: string; rehearse: boolean }]> }) {
  const [rehearse, setRehearse] = useState(true);
  const change = useServerChange(server, run);
  const apply = async () => {
    const title = `Checking ${server.serverName} for MySQL ${to}`;
    if (await change.submit(title, server, { version: to, rehearse })) onClose();
  };
  return (
    <ChangePane
      isOpen
      onClose={onClose}
      title={`Check for MySQL ${to}`}
      subtitle={server.serverName}
      change={describeCheckUpgrade(server, to, rehearse)}
      applyLabel="Check"
      applyDisabledReason={disabledReason}
      pending={change.pending}
      error={change.error}
      onApply={() => void apply()}
    >
      <p className="max-w-prose text-text-2">
        Server parameters, accounts, engines, collations, names, free space and backups are compared with what the newer
        MySQL has. The server goes on as it is.
      </p>
      <Checkbox
        label="Rehearse it on a copy"
        description="Restores the newest backup beside the server, starts the newer MySQL on it and checks every table. It takes as long as a restore, and its room on the disk."
        checked={rehearse}
        onChange={(event) => setRehearse(event.target.checked)}
      />
    </ChangePane>
  );
}

/** The upgrade itself, with what the last check found. */
export function UpgradePane({
  server,
  data,
  to,
  check,
  run,
  disabledReason,
  onClose,
}: PaneProps & {
  data: Server;
  check: UpgradeCheck | undefined;
  run: BeginAction<[ServerKey, version: string]>;
}) {
  const change = useServerChange(server, run);
  const from = data.properties.version ?? '';
  const standby = (data.properties.highAvailability?.mode ?? 'Disabled') !== 'Disabled';
  const apply = async () => {
    if (await change.submit(`Upgrading ${server.serverName} to MySQL ${to}`, server, to)) onClose();
  };
  return (
    <ChangePane
      isOpen
      onClose={onClose}
      title={`Upgrade to MySQL ${to}`}
      subtitle={server.serverName}
      change={describeUpgrade(server, { from, to, standby })}
      applyLabel="Upgrade"
      applyDisabledReason={disabledReason}
      pending={change.pending}
      error={change.error}
      onApply={() => void apply()}
    >
      <Notice tone="warn" title="There is no way back.">
        Once it has succeeded, the server cannot return to MySQL {from}. A restore to a moment before it makes a new
        server of MySQL {from}.
      </Notice>
      {check && <LastCheck check={check} />}
    </ChangePane>
  );
}

function LastCheck({ check }: { check: UpgradeCheck }) {
  const { status, startedAt, checks } = check.properties;
  if (status === 'InProgress') return <Notice title="It is being checked.">Its results are on the blade.</Notice>;
  const failed = checks.filter(({ outcome }) => outcome === 'Failed').map(({ title }) => title);
  const warned = checks.filter(({ outcome }) => outcome === 'Warning').map(({ title }) => title);
  const when = <Time value={startedAt} mode="relative" />;
  if (failed.length > 0) {
    return (
      <Notice tone="bad" title={`The check of ${to(check)} found what stands against it.`}>
        {failed.join(', ')} ({when}). The upgrade checks again, and is refused as long as that is so.
      </Notice>
    );
  }
  return (
    <Notice tone="ok" title={`The check of ${to(check)} passed.`}>
      {when}.{warned.length > 0 && ` To look at: ${warned.join(', ')}.`} The upgrade checks again before it begins.
    </Notice>
  );
}

function to({ properties }: UpgradeCheck): string {
  return `MySQL ${properties.toVersion}`;
}
