'use client';

import { CircleAlert, CircleCheck, CircleDashed } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { formatDuration } from '@/components/ui/format-time';
import { Progress } from '@/components/ui/progress';
import { Spinner } from '@/components/ui/spinner';
import { useNow } from '@/components/ui/time';
import type { DeploymentStep } from './deployment-steps';

interface DeploymentStepListProps {
  steps: DeploymentStep[];
  /** When the server was asked for; undefined when this browser does not know. */
  startedAt: string | undefined;
  onRetryRule: (name: string) => void;
}

const SIGNS = {
  waiting: <CircleDashed size={16} strokeWidth={1.75} aria-hidden className="text-text-3" />,
  running: <Spinner className="text-accent" />,
  done: <CircleCheck size={16} strokeWidth={1.75} aria-hidden className="text-ok" />,
  failed: <CircleAlert size={16} strokeWidth={1.75} aria-hidden className="text-bad" />,
};

const WORDS = { waiting: 'Waiting', running: 'Running', done: 'Done', failed: 'Failed' };

export function DeploymentStepList({ steps, startedAt, onRetryRule }: DeploymentStepListProps) {
  const running = steps.some((step) => step.state === 'running');
  const now = useNow(running);
  return (
    <ol aria-live="polite">
      {steps.map((step) => (
        <li key={step.id} className="flex gap-3 border-b border-line px-4 py-3 last:border-b-0">
          <span className="mt-0.5 shrink-0">{SIGNS[step.state]}</span>
          <div className="min-w-0 flex-1">
            <p className="flex flex-wrap gap-x-3">
              <span className="font-[560] [overflow-wrap:anywhere]">{step.label}</span>
              <span className="sr-only">{WORDS[step.state]}</span>
              {step.detail && <span className="text-text-3 [overflow-wrap:anywhere]">{step.detail}</span>}
              {step.id === 'server' && step.state === 'running' && startedAt && (
                <span aria-hidden className="text-text-3">
                  {formatDuration(now.getTime() - Date.parse(startedAt))}
                </span>
              )}
            </p>
            {step.state === 'running' && (
              <Progress label={step.label} percent={step.percent} className="mt-2 max-w-md" />
            )}
            {step.error && (
              <div className="mt-1 [overflow-wrap:anywhere]">
                <p className="text-bad">{step.error.message}</p>
                <p className="flex flex-wrap items-center gap-x-1.5 font-mono text-xs text-text-3">
                  {step.error.code}
                  {step.error.requestId && (
                    <>
                      <span>· request {step.error.requestId}</span>
                      <CopyButton text={step.error.requestId} label="Copy request id" />
                    </>
                  )}
                </p>
              </div>
            )}
          </div>
          {step.state === 'failed' && step.id.startsWith('rule:') && (
            <Button onClick={() => onRetryRule(step.id.slice('rule:'.length))}>Retry</Button>
          )}
        </li>
      ))}
    </ol>
  );
}
