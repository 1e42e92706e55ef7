import { LoaderCircle } from 'lucide-react';
import { classNames } from './class-names';

/** Says that something runs; the words beside it say what, so it is silent for screen readers. */
export function Spinner({ size = 16, className }: { size?: number; className?: string }) {
  return (
    <LoaderCircle
      size={size}
      strokeWidth={1.75}
      aria-hidden
      className={classNames('shrink-0 animate-spin', className)}
    />
  );
}
