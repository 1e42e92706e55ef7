'use client';

import { Bell } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { classNames } from '@/components/ui/class-names';
import { Spinner } from '@/components/ui/spinner';
import { useOperations } from './operations';

const load = () => import('./operations-panel');
const OperationsPanel = lazy(() => load().then((module) => ({ default: module.OperationsPanel })));

/** Running and finished long operations, behind a bell. */
export function OperationsBell({ className }: { className: string }) {
  const { operations, markSeen } = useOperations();
  const [button, setButton] = useState<HTMLButtonElement | null>(null);
  const [isOpen, setOpen] = useState(false);
  const running = operations.filter((operation) => operation.status === 'Running').length;
  const failed = operations.some(
    (operation) => !operation.seen && operation.status !== 'Running' && operation.status !== 'Succeeded',
  );
  const unseen = operations.filter((operation) => !operation.seen && operation.status !== 'Running').length;
  const words = running > 0 ? `${running} running` : unseen > 0 ? `${unseen} finished` : '';
  return (
    <>
      <button
        ref={setButton}
        type="button"
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        aria-label={`Operations${words && `: ${words}`}`}
        onPointerEnter={() => void load()}
        onClick={() => {
          setOpen(!isOpen);
          if (isOpen) markSeen();
        }}
        className={className}
      >
        {running > 0 ? <Spinner /> : <Bell size={16} strokeWidth={1.6} aria-hidden />}
        {words && <span className="hidden whitespace-nowrap sm:inline">{words}</span>}
        {running === 0 && unseen > 0 && (
          <span aria-hidden className={classNames('size-2 rounded-full', failed ? 'bg-[#ff8088]' : 'bg-[#4cc38a]')} />
        )}
      </button>
      <span role="status" className="sr-only">
        {words && `Operations: ${words}`}
      </span>
      {isOpen && (
        <Suspense fallback={null}>
          <OperationsPanel
            trigger={button}
            onClose={() => {
              setOpen(false);
              markSeen();
            }}
          />
        </Suspense>
      )}
    </>
  );
}
