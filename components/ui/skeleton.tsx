import { classNames } from './class-names';

/** A bar of the width and height of the text that will stand there. */
export function Skeleton({
  width = '100%',
  height = 14,
  className,
}: {
  width?: number | string;
  height?: number;
  className?: string;
}) {
  return (
    <span
      aria-hidden
      className={classNames('skeleton inline-block max-w-full align-middle', className)}
      style={{ width, height }}
    />
  );
}

/** Says once to screen readers that something loads; put skeletons inside. */
export function Loading({ label = 'Loading', children }: { label?: string; children: React.ReactNode }) {
  return (
    <div role="status" aria-label={label}>
      {children}
    </div>
  );
}

/** In the place of a `DefinitionList` with as many rows. */
export function SkeletonDefinitions({ rows = 10, columns = 2 }: { rows?: number; columns?: 1 | 2 }) {
  return (
    <Loading>
      <div className={classNames('grid gap-x-12 px-4 pt-2 pb-3', columns === 2 && 'md:grid-cols-2')}>
        {Array.from({ length: rows }, (_, row) => (
          <div key={row} className="grid h-[30px] grid-cols-[minmax(104px,148px)_minmax(0,1fr)] items-center gap-2">
            <Skeleton width={72 + ((row * 23) % 48)} />
            <Skeleton width={120 + ((row * 37) % 110)} />
          </div>
        ))}
      </div>
    </Loading>
  );
}

/** In the place of a `DataTable`: a head and as many rows of its height. */
export function SkeletonRows({
  rows = 6,
  columns = 4,
  rowHeight = 37,
}: {
  rows?: number;
  columns?: number;
  rowHeight?: number;
}) {
  return (
    <Loading>
      <div className="border-b border-line" style={{ height: 35 }} />
      {Array.from({ length: rows }, (_, row) => (
        <div
          key={row}
          className="flex items-center gap-4 border-b border-line px-4 last:border-b-0"
          style={{ height: rowHeight }}
        >
          {Array.from({ length: columns }, (_, column) => (
            <span key={column} className="flex-1">
              <Skeleton width={`${45 + ((row * 17 + column * 29) % 45)}%`} />
            </span>
          ))}
        </div>
      ))}
    </Loading>
  );
}
