import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names';

type NoticeTone = 'info' | 'ok' | 'warn' | 'bad';

const look: Record<NoticeTone, { box: string; icon: typeof Info; ink: string }> = {
  info: { box: 'bg-accent-weak border-accent/25', icon: Info, ink: 'text-accent' },
  ok: { box: 'bg-ok-weak border-ok/30', icon: CircleCheck, ink: 'text-ok' },
  warn: { box: 'bg-warn-weak border-warn/30', icon: TriangleAlert, ink: 'text-warn' },
  bad: { box: 'bg-bad-weak border-bad/30', icon: CircleAlert, ink: 'text-bad' },
};

interface NoticeProps {
  tone?: NoticeTone;
  /** What happened, in bold. */
  title?: ReactNode;
  /** What it means and what to do. */
  children?: ReactNode;
  /** A link or a button at the end. */
  action?: ReactNode;
  /** Read out at once when it appears (it came from something that the person just did). */
  live?: boolean;
}

/** A sentence that stands above the content it concerns. */
export function Notice({ tone = 'info', title, children, action, live }: NoticeProps) {
  const { box, icon: Icon, ink } = look[tone];
  return (
    <div
      role={live ? (tone === 'bad' ? 'alert' : 'status') : undefined}
      className={classNames('flex flex-wrap items-start gap-x-2.5 gap-y-1 rounded-card border px-3.5 py-2.5', box)}
    >
      <Icon size={16} strokeWidth={1.75} aria-hidden className={classNames('mt-0.5 shrink-0', ink)} />
      <div className="min-w-0 flex-1 basis-52 [overflow-wrap:anywhere]">
        {title && <b className="font-semibold">{title}</b>}
        {title && children && ' '}
        {children}
      </div>
      {action && <div className="shrink-0">{action}</div>}
    </div>
  );
}
