import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { ChangePane } from '@/components/servers/change-pane';
import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { Dialog } from '@/components/ui/dialog';
import { Notice } from '@/components/ui/notice';
import { RadioCards } from '@/components/ui/radio-cards';
import { Spinner } from '@/components/ui/spinner';
import type { ActionGroup } from '@/lib/arm/insights/action-groups';
import type { ServerKey } from '@/lib/arm/resource-id';
import { testResultQuery } from '@/lib/queries/alerts';
import { describeMute } from '@/lib/rules/alert-changes';
import { useAlertChange, type AlertActions } from './alert-actions';

const HOUR = 3_600_000;
const SPANS = [
  { id: '1', label: 'For an hour' },
  { id: '8', label: 'For eight hours' },
  { id: '24', label: 'For a day' },
  { id: 'always', label: 'Until I unmute it' },
];

interface MutePaneProps {
  server: ServerKey;
  mute: AlertActions['muteServer'];
  writeProblem: string | undefined;
  onClose: () => void;
}

/** For how long nobody is told. */
export function MutePane({ server, mute, writeProblem, onClose }: MutePaneProps) {
  const [span, setSpan] = useState('1');
  const [opened] = useState(() => Date.now());
  const change = useAlertChange(server, mute);
  const until = span === 'always' ? null : new Date(opened + Number(span) * HOUR).toISOString().slice(0, 19);
  const apply = async () => {
    if (await change.submit('Notifications are muted', server, until)) onClose();
  };
  return (
    <ChangePane
      isOpen
      onClose={onClose}
      title="Mute notifications"
      subtitle={server.serverName}
      change={describeMute(server, until)}
      applyLabel="Mute"
      applyDisabledReason={writeProblem}
      onApply={() => void apply()}
      pending={change.pending}
      error={change.error}
    >
      <p>Alerts of this server fire and are listed all the same; nobody is told of them, and nobody is told later.</p>
      <RadioCards label="How long" options={SPANS} value={span} onChange={setSpan} columns={2} />
    </ChangePane>
  );
}

interface GroupDialogProps {
  server: ServerKey;
  group: ActionGroup;
  onClose: () => void;
}

/** Sends a test to all receivers of a group and says how each took it. */
export function TestDialog({
  server,
  group,
  run,
  onClose,
}: GroupDialogProps & { run: AlertActions['testActionGroup'] }) {
  const test = useAlertChange(server, run);
  const [statusUrl, setStatusUrl] = useState<string>();
  const begun = useRef(false);
  useEffect(() => {
    // Once, though effects run twice in development.
    if (begun.current) return;
    begun.current = true;
    void test.submit(null, group).then((answer) => setStatusUrl(answer?.value.statusUrl ?? undefined));
  });
  const result = useQuery({ ...testResultQuery(statusUrl ?? ''), enabled: statusUrl !== undefined });
  const details = result.data?.actionDetails ?? [];
  return (
    <Dialog isOpen onClose={onClose} title={`Test of ${group.name}`} footer={<Button onClick={onClose}>Close</Button>}>
      {test.error && (
        <Notice tone="bad" title={test.error.code} live>
          {test.error.message}
        </Notice>
      )}
      {!test.error && details.length === 0 && (
        <p className="flex items-center gap-2">
          <Spinner /> Being sent
        </p>
      )}
      <ul aria-live="polite">
        {details.map(({ Name, MechanismType, Status, Detail }) => (
          <li key={Name} className="py-1">
            <b className="font-semibold">{Name}</b> ({MechanismType}):{' '}
            {Status === 'Completed' ? 'taken.' : Status === 'Failed' ? 'not taken.' : 'on its way.'}{' '}
            {Detail && <span className={Status === 'Failed' ? 'text-bad' : 'text-text-2'}>{Detail}</span>}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

/** A new signing secret, shown this once. */
export function SecretDialog({
  server,
  group,
  run,
  onClose,
}: GroupDialogProps & { run: AlertActions['renewSigningSecret'] }) {
  const renew = useAlertChange(server, run);
  const [secret, setSecret] = useState<string>();
  const make = async () => {
    const answer = await renew.submit(null, group.id);
    if (answer) setSecret(answer.value);
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`Signing secret of ${group.name}`}
      footer={
        <>
          {!secret && (
            <Button variant="primary" onClick={() => void make()} pending={renew.pending}>
              Make a new secret
            </Button>
          )}
          <Button onClick={onClose}>{secret ? 'Close' : 'Cancel'}</Button>
        </>
      }
    >
      <div className="grid gap-3">
        {renew.error && (
          <Notice tone="bad" title={renew.error.code} live>
            {renew.error.message}
          </Notice>
        )}
        {secret ? (
          <>
            <p>Copy it now: it is not shown again. Webhooks are signed with it from now on.</p>
            <p className="flex items-center gap-2">
              <code className="min-w-0 rounded bg-sunken px-2 py-1 font-mono text-sm [overflow-wrap:anywhere]">
                {secret}
              </code>
              <CopyButton text={secret} label="Copy the secret" />
            </p>
          </>
        ) : (
          <p>Receivers check with it that a webhook comes from here. The present secret is void at once.</p>
        )}
      </div>
    </Dialog>
  );
}
