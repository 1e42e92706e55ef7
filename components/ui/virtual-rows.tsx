import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, type ReactNode, type RefObject } from 'react';
import type { DrawnPlace } from './table-row';

interface VirtualRowsProps {
  count: number;
  keyAt: (index: number) => string | number;
  /** What a row takes before it was measured, in px. */
  rowHeight: number;
  scroller: RefObject<HTMLElement | null>;
  /** Set here: brings a row into view. */
  scrollTo: RefObject<((index: number) => void) | undefined>;
  renderRow: (index: number, place: DrawnPlace) => ReactNode;
}

/** The rows of a long `DataTable`: those in view and a few around them. Loaded where there are so many. */
export function VirtualRows({ count, keyAt, rowHeight, scroller, scrollTo, renderRow }: VirtualRowsProps) {
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: keyAt,
    overscan: 8,
  });
  useEffect(() => {
    scrollTo.current = (index) => virtualizer.scrollToIndex(index);
    return () => {
      scrollTo.current = undefined;
    };
  }, [virtualizer, scrollTo]);
  return (
    <div role="rowgroup" className="relative" style={{ height: virtualizer.getTotalSize() }}>
      {virtualizer
        .getVirtualItems()
        .map(({ index, start }) => renderRow(index, { start, measure: virtualizer.measureElement }))}
    </div>
  );
}
