'use client';

import type { LucideIcon } from 'lucide-react';
import { CircleAlert, Inbox, Lock, RotateCw } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from './button';
import { CopyButton } from './copy-button';

/** What an error says to people; `ArmError` and what `lib/queries/client.ts` throws have this shape. */
export interface ErrorWords {
  code: string;
  message: string;
  status?: number;
  target?: string;
  requestId?: string;
  details?: { code: string; message: string; target?: string }[];
}

interface FaceProps {
  icon: LucideIcon;
  ink?: string;
  title: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  live?: boolean;
}

function Face({ icon: Icon, ink = 'text-text-3', title, children, actions, live }: FaceProps) {
  return (
    <div
      role={live ? 'alert' : undefined}
      className="mx-auto flex max-w-xl flex-col items-center gap-2 px-5 py-10 text-center"
    >
      <Icon size={28} strokeWidth={1.4} aria-hidden className={ink} />
      <p className="text-md font-semibold">{title}</p>
      {children && <div className="text-text-2 [overflow-wrap:anywhere]">{children}</div>}
      {actions && <div className="mt-2 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}

/** Nothing here yet: what would be here, and the action that creates it. */
export function EmptyState({
  icon = Inbox,
  title,
  children,
  action,
}: {
  icon?: LucideIcon;
  title: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <Face icon={icon} title={title} actions={action}>
      {children}
    </Face>
  );
}

/** It failed: the service's code, message and request id, and a way to try again. */
export function ErrorState({
  error,
  onRetry,
  title = 'This could not be loaded',
}: {
  error: ErrorWords;
  onRetry?: () => void;
  title?: ReactNode;
}) {
  return (
    <Face
      icon={CircleAlert}
      ink="text-bad"
      title={title}
      live
      actions={
        onRetry && (
          <Button icon={RotateCw} onClick={onRetry}>
            Retry
          </Button>
        )
      }
    >
      <p>{error.message}</p>
      {error.details?.map((detail) => (
        <p key={`${detail.target}${detail.message}`} className="mt-1">
          {detail.message}
        </p>
      ))}
      <p className="mt-2 flex flex-wrap items-center justify-center gap-x-1.5 font-mono text-xs text-text-3">
        <span>{error.code}</span>
        {error.requestId && (
          <>
            <span>· request {error.requestId}</span>
            <CopyButton text={error.requestId} label="Copy request id" />
          </>
        )}
      </p>
    </Face>
  );
}

/** Not allowed: which permission is missing. */
export function ForbiddenState({ error, onRetry }: { error: ErrorWords; onRetry?: () => void }) {
  return (
    <Face
      icon={Lock}
      title="You have no permission to see this"
      actions={onRetry && <Button onClick={onRetry}>Try again</Button>}
    >
      <p>{error.message}</p>
      <p className="mt-1">Ask an owner of the subscription for a role that includes it.</p>
    </Face>
  );
}
