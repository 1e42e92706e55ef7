import { classNames } from './class-names';

interface ProgressProps {
  /** What it is the progress of. */
  label: string;
  /** 0 to 100; absent means that it isn't known. */
  percent?: number;
  tone?: 'accent' | 'ok' | 'bad';
  className?: string;
}

const fill = { accent: 'bg-accent', ok: 'bg-ok', bad: 'bg-bad' };

/** A bar for how far something is. */
export function Progress({ label, percent, tone = 'accent', className }: ProgressProps) {
  const known = percent !== undefined;
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={known ? Math.round(percent) : undefined}
      className={classNames('h-1 overflow-hidden rounded-full bg-text/12', className)}
    >
      <div
        className={classNames(
          'h-full rounded-full',
          fill[tone],
          known ? 'transition-[width] duration-300' : 'w-[30%] animate-[indeterminate_1.4s_ease-in-out_infinite]',
        )}
        style={known ? { width: `${Math.min(100, Math.max(0, percent))}%` } : undefined}
      />
    </div>
  );
}
