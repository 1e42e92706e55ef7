import { Fragment } from 'react';
import { Link } from './link';

export interface Crumb {
  label: string;
  /** The last one has none: it is where one is. */
  href?: string;
}

/** The way here, each step a link. */
export function Breadcrumb({ crumbs }: { crumbs: Crumb[] }) {
  return (
    <nav aria-label="Breadcrumb" className="text-xs text-text-3">
      <ol className="flex flex-wrap gap-x-1.5">
        {crumbs.map((crumb, index) => (
          <Fragment key={crumb.href ?? crumb.label}>
            {index > 0 && <li aria-hidden>/</li>}
            <li
              aria-current={index === crumbs.length - 1 ? 'page' : undefined}
              className="min-w-0 [overflow-wrap:anywhere] max-sm:max-w-[50vw] max-sm:truncate"
              title={crumb.label}
            >
              {crumb.href ? (
                <Link href={crumb.href} className="no-underline! hover:underline! max-sm:outline-offset-[-2px]">
                  {crumb.label}
                </Link>
              ) : (
                crumb.label
              )}
            </li>
          </Fragment>
        ))}
      </ol>
    </nav>
  );
}
