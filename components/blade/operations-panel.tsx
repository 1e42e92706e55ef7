'use client';

import { Ban, CircleAlert, CircleCheck, CircleHelp } from 'lucide-react';
import { useMemo } from 'react';
import { Dialog, Heading } from 'react-aria-components/Dialog';
import { Popover } from 'react-aria-components/Popover';
import { formatDuration } from '@/components/ui/format-time';
import { Link } from '@/components/ui/link';
import { Progress } from '@/components/ui/progress';
import { Spinner } from '@/components/ui/spinner';
import { TextButton } from '@/components/ui/text-button';
import { Time, useNow } from '@/components/ui/time';
import type { TrackedOperation } from '@/lib/queries/tracked-operations';
import { endings, useOperations } from './operations';

const signs = {
  Running: <Spinner className="mt-0.5 text-accent" />,
  Succeeded: <CircleCheck size={16} strokeWidth={1.75} aria-hidden className="mt-0.5 shrink-0 text-ok" />,
  Failed: <CircleAlert size={16} strokeWidth={1.75} aria-hidden className="mt-0.5 shrink-0 text-bad" />,
  Canceled: <Ban size={16} strokeWidth={1.75} aria-hidden className="mt-0.5 shrink-0 text-off" />,
  Unknown: <CircleHelp size={16} strokeWidth={1.75} aria-hidden className="mt-0.5 shrink-0 text-off" />,
};

/** What opens under the bell; loaded when it is first opened. */
export function OperationsPanel({ trigger, onClose }: { trigger: HTMLElement | null; onClose: () => void }) {
  const triggerRef = useMemo(() => ({ current: trigger }), [trigger]);
  const { operations, forgetFinished } = useOperations();
  const finished = operations.some((operation) => operation.status !== 'Running');
  return (
    <Popover
      triggerRef={triggerRef}
      isOpen
      onOpenChange={(open) => !open && onClose()}
      placement="bottom end"
      className="w-[min(26rem,calc(100vw-1rem))] overflow-auto rounded-card border border-line bg-surface text-text shadow-high data-entering:animate-[fade-in_120ms]"
    >
      <Dialog className="outline-none">
        <header className="flex items-center gap-3 border-b border-line px-4 py-2.5">
          <Heading slot="title" className="text-md font-semibold">
            Operations
          </Heading>
          {finished && (
            <TextButton className="ml-auto text-xs" onClick={forgetFinished}>
              Clear finished
            </TextButton>
          )}
        </header>
        {operations.length === 0 ? (
          <p className="px-4 py-6 text-text-3">
            Nothing runs. What takes longer than a moment shows its progress here.
          </p>
        ) : (
          <ul>
            {operations.map((operation) => (
              <OperationRow key={operation.operationUrl} operation={operation} onOpen={onClose} />
            ))}
          </ul>
        )}
      </Dialog>
    </Popover>
  );
}

function OperationRow({ operation, onOpen }: { operation: TrackedOperation; onOpen: () => void }) {
  const { title, status, href, stage, percentComplete, error, startedAt, endedAt } = operation;
  const now = useNow(status === 'Running');
  const elapsed = formatDuration((endedAt ? Date.parse(endedAt) : now.getTime()) - Date.parse(startedAt));
  return (
    <li className="flex gap-2.5 border-b border-line px-4 py-3 last:border-b-0">
      {signs[status]}
      <div className="min-w-0 flex-1">
        <p className="flex gap-3">
          <span className="min-w-0 flex-1 font-[560] [overflow-wrap:anywhere]">{title}</span>
          <span data-figures className="text-xs whitespace-nowrap text-text-3">
            {elapsed}
          </span>
        </p>
        {status === 'Running' ? (
          <>
            <p className="text-xs text-text-3">
              {stage ?? 'Running'}
              {percentComplete !== undefined && ` · ${Math.round(percentComplete)} %`}
            </p>
            <Progress label={title} percent={percentComplete} className="mt-1.5" />
          </>
        ) : (
          <p className="text-xs text-text-3">
            {endings[status]}
            {endedAt && (
              <>
                {' '}
                · <Time value={endedAt} mode="relative" />
              </>
            )}
          </p>
        )}
        {error && (
          <p className="mt-1 text-xs [overflow-wrap:anywhere] text-bad">
            {error.message} <span className="font-mono">({error.code})</span>
          </p>
        )}
        {href && (
          <Link href={href} onClick={onOpen} className="mt-1 inline-block text-xs">
            Go to resource
          </Link>
        )}
      </div>
    </li>
  );
}
