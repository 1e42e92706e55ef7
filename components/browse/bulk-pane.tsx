import { useMemo, useState } from 'react';
import { ChangeReview } from '@/components/blade/change-review';
import { usePortalConfig } from '@/components/blade/portal-config';
import { useServerPlan, type PlannedWrite } from '@/components/servers/use-server-plan';
import { Button } from '@/components/ui/button';
import { SidePane } from '@/components/ui/dialog';
import { Notice } from '@/components/ui/notice';
import { TextField } from '@/components/ui/text-field';
import { useArmAction } from '@/lib/queries/action';
import { BULK_WORDS, type BulkAction } from '@/lib/rules/bulk-actions';
import { describeBulk, planBulk, type BulkStep } from '@/lib/rules/bulk-plan';
import type { FleetServer } from '@/lib/rules/fleet';
import { tagProblem } from '@/lib/rules/tags';
import type { BulkActions } from './bulk-actions';
import { BulkResults } from './bulk-results';
import { EMPTY_TAG_FORM, TagForm, toTagChange } from './tag-form';

interface BulkPaneProps {
  action: BulkAction;
  servers: readonly FleetServer[];
  actions: BulkActions;
  onClose: () => void;
}

/** One action for many servers: what is sent to which, and then how it went with each. */
export function BulkPane({ action, servers: chosen, actions, onClose }: BulkPaneProps) {
  // As they were when the pane was opened: a server that is done does not leave the list.
  const [servers] = useState(chosen);
  const [tagForm, setTagForm] = useState(EMPTY_TAG_FORM);
  const [typed, setTyped] = useState('');
  const [hasRun, setHasRun] = useState(false);
  const { resourceManagerEndpoint } = usePortalConfig();
  const plan = useServerPlan();
  const send = useSender(action, actions);
  const { verb, doing } = BULK_WORDS[action];
  const tagChange = useMemo(() => toTagChange(tagForm), [tagForm]);
  const steps = useMemo(() => planBulk(action, servers, tagChange), [action, servers, tagChange]);
  const sent = steps.filter((step) => step.leftOut === undefined);
  const failed = sent.filter(({ server }) => plan.states[server.id]?.status === 'failed');
  const count = `${sent.length.toLocaleString('en-US')} ${sent.length === 1 ? 'server' : 'servers'}`;
  const confirmation = sent.length === 1 ? (sent[0]?.server.name ?? '') : `delete ${count}`;

  const run = (part: typeof sent) => {
    setHasRun(true);
    void plan.run(
      part.map((step): PlannedWrite => ({
        id: step.server.id,
        server: step.server.key,
        title: `${doing} ${step.server.name}`,
        begin: () => send(step),
      })),
    );
  };
  const problem =
    (action === 'tag' && tagFormProblem(tagChange)) ||
    (sent.length === 0 && 'None of the chosen servers would be changed.') ||
    (action === 'delete' && typed.trim() !== confirmation && `Type ${confirmation} first.`);

  return (
    <SidePane
      isOpen
      onClose={onClose}
      title={`${verb} ${servers.length === 1 ? servers[0]?.name : `${servers.length.toLocaleString('en-US')} servers`}`}
      subtitle={hasRun ? undefined : 'Each server has a result of its own; one that fails stops no other.'}
      width="wide"
      footer={
        hasRun ? (
          <>
            {failed.length > 0 && (
              <Button variant="primary" onClick={() => run(failed)} pending={plan.pending}>
                Try the {failed.length === 1 ? 'one' : failed.length.toLocaleString('en-US')} that failed again
              </Button>
            )}
            <Button onClick={onClose}>{plan.pending ? 'Go on in the background' : 'Close'}</Button>
          </>
        ) : (
          <>
            <Button
              variant={action === 'delete' ? 'danger' : 'primary'}
              onClick={() => run(sent)}
              disabledReason={problem}
            >
              {verb} {count}
            </Button>
            <Button onClick={onClose}>Cancel</Button>
          </>
        )
      }
    >
      <div className="grid gap-4 [&>*]:min-w-0">
        {action === 'tag' && !hasRun && <TagForm servers={servers} value={tagForm} onChange={setTagForm} />}
        {!hasRun && <Interruption action={action} steps={sent} />}
        <BulkResults action={action} steps={steps} states={plan.states} />
        {action === 'delete' && !hasRun && sent.length > 0 && (
          <TextField
            label={
              <>
                Type <b className="font-mono font-semibold text-text select-all">{confirmation}</b> to confirm
              </>
            }
            layout="stack"
            mono
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        )}
        {!hasRun && <Review steps={steps} endpoint={resourceManagerEndpoint} />}
      </div>
    </SidePane>
  );
}

function useSender(action: BulkAction, actions: BulkActions) {
  const start = useArmAction(actions.start);
  const stop = useArmAction(actions.stop);
  const restart = useArmAction(actions.restart);
  const remove = useArmAction(actions.remove);
  const tag = useArmAction(actions.tag);
  return ({ server, ...step }: Extract<BulkStep, { leftOut?: undefined }>) =>
    action === 'tag'
      ? tag.run(server.key, step.tags ?? {})
      : { start, stop, restart, delete: remove }[action].run(server.key);
}

function Interruption({ action, steps }: { action: BulkAction; steps: readonly BulkStep[] }) {
  if (steps.length === 0 || action === 'start' || action === 'tag') return null;
  const words = {
    stop: 'Every session ends and nobody can connect until a server is started again. Data and settings stay.',
    restart: 'Every session ends. New ones are accepted again as soon as MySQL is back, usually within seconds.',
    delete:
      'Sessions end at once, and every database is deleted with its server. Backups are kept for 5 days: until then each server can be restored to a new one. Whoever needs the data longer takes dumps first.',
  }[action];
  return (
    <Notice
      tone={action === 'delete' ? 'bad' : 'warn'}
      title={action === 'delete' ? 'The servers go with all their data.' : 'This interrupts connections.'}
    >
      {words}
    </Notice>
  );
}

function Review({ steps, endpoint }: { steps: readonly BulkStep[]; endpoint: string }) {
  const change = useMemo(() => describeBulk(steps), [steps]);
  if (!change) return null;
  return <ChangeReview change={{ ...change, restarts: undefined }} resourceManagerEndpoint={endpoint} formatsOnly />;
}

function tagFormProblem({ set, remove }: ReturnType<typeof toTagChange>): string | undefined {
  if (set.length === 0 && remove.length === 0) return 'Write a tag to set, or choose one to remove.';
  return set.map((tag) => tagProblem(tag)?.message).find(Boolean);
}
