'use client';

import {
  cloneElement,
  useEffect,
  useId,
  useRef,
  useState,
  type FocusEvent,
  type MouseEvent,
  type PointerEvent,
  type SyntheticEvent,
  type ReactElement,
  type ReactNode,
} from 'react';

interface TooltipProps {
  /** What it says; nothing is shown for an empty one. */
  content: ReactNode;
  /** One element that takes focus and passes `aria-describedby`, pointer and focus handlers on to the DOM. */
  children: ReactElement<Record<string, unknown>>;
}

const openAfterMilliseconds = 350;
const closeAfterMilliseconds = 120;

/** One pending action at a time: a later one replaces it. */
function createTimer() {
  let pending: ReturnType<typeof setTimeout> | undefined;
  const stop = () => clearTimeout(pending);
  return {
    stop,
    start: (action: () => void, milliseconds: number) => {
      stop();
      pending = setTimeout(action, milliseconds);
    },
  };
}

/**
 * A hint on hover and on keyboard focus, and on a tap where nothing else comes of it. It stays while the pointer is on it and goes with Escape (WCAG 1.4.13).
 * Built on the popover attribute, so that it costs no positioning library on pages that have nothing else to place.
 */
export function Tooltip({ content, children }: TooltipProps) {
  const id = useId();
  const tip = useRef<HTMLSpanElement>(null);
  const [timer] = useState(createTimer);
  const [anchor, setAnchor] = useState<Element | null>(null);

  useEffect(() => timer.stop, [timer]);
  useEffect(() => {
    const element = tip.current;
    if (!anchor || !element) return;
    element.showPopover();
    place(element, anchor.getBoundingClientRect());
    const close = () => setAnchor(null);
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === 'Escape') close();
    };
    // A finger leaves nothing and takes no focus everywhere: the next tap elsewhere closes it.
    const onPointerDown = (event: Event) => {
      if (event.target instanceof Node && !anchor.contains(event.target) && !element.contains(event.target)) close();
    };
    document.addEventListener('keydown', onKeyDown);
    document.addEventListener('pointerdown', onPointerDown);
    window.addEventListener('scroll', close, { capture: true, passive: true });
    return () => {
      document.removeEventListener('keydown', onKeyDown);
      document.removeEventListener('pointerdown', onPointerDown);
      window.removeEventListener('scroll', close, { capture: true });
      if (element.isConnected && element.matches(':popover-open')) element.hidePopover();
    };
  }, [anchor]);

  if (content === null || content === undefined || content === false || content === '') return children;

  const open = (target: Element, delay: number) => timer.start(() => setAnchor(target), delay);
  const close = () => timer.start(() => setAnchor(null), closeAfterMilliseconds);
  const passOn = (handler: string, event: SyntheticEvent) =>
    (children.props[handler] as ((event: SyntheticEvent) => void) | undefined)?.(event);
  return (
    <>
      {cloneElement(children, {
        'aria-describedby': [children.props['aria-describedby'], id].filter(Boolean).join(' '),
        onPointerEnter: (event: PointerEvent) => {
          passOn('onPointerEnter', event);
          if (event.pointerType !== 'touch') open(event.currentTarget, openAfterMilliseconds);
        },
        onPointerLeave: (event: PointerEvent) => {
          passOn('onPointerLeave', event);
          if (event.pointerType !== 'touch') close();
        },
        onClick: (event: MouseEvent) => {
          passOn('onClick', event);
          // Why it does nothing, for whoever has no pointer to rest on it.
          if (event.currentTarget.ariaDisabled === 'true') open(event.currentTarget, 0);
        },
        onFocus: (event: FocusEvent) => {
          passOn('onFocus', event);
          if (event.currentTarget.matches(':focus-visible')) open(event.currentTarget, 0);
        },
        onBlur: (event: FocusEvent) => {
          passOn('onBlur', event);
          timer.stop();
          setAnchor(null);
        },
      })}
      <span
        ref={tip}
        id={id}
        role="tooltip"
        popover="manual"
        onPointerEnter={timer.stop}
        onPointerLeave={close}
        className="pointer-events-auto fixed inset-auto m-0 max-w-80 rounded border-0 bg-text px-2.5 py-1.5 text-left text-xs font-normal whitespace-normal text-surface shadow-high"
      >
        {content}
      </span>
    </>
  );
}

/** Below the anchor, or above where there is no room; never outside the window. */
function place(tip: HTMLElement, anchor: DOMRect): void {
  const gap = 6;
  const size = tip.getBoundingClientRect();
  const below = anchor.bottom + gap;
  const top = below + size.height > window.innerHeight ? anchor.top - gap - size.height : below;
  const left = anchor.left + anchor.width / 2 - size.width / 2;
  tip.style.top = `${Math.max(gap, top)}px`;
  tip.style.left = `${Math.min(Math.max(gap, left), window.innerWidth - size.width - gap)}px`;
}
