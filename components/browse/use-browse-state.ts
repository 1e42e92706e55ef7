import { parseAsArrayOf, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useMemo } from 'react';
import type { Sorting } from '@/components/ui/table-order';
import { BULK_ACTIONS } from '@/lib/rules/bulk-actions';
import { FACETS, type Facet, type FleetFilter } from '@/lib/rules/fleet';

const list = parseAsArrayOf(parseAsString).withDefault([]);
const facets = Object.fromEntries(FACETS.map((facet) => [facet, list])) as Record<Facet, typeof list>;

const parsers = {
  q: parseAsString.withDefault(''),
  ...facets,
  sort: parseAsString.withDefault('name'),
  by: parseAsStringLiteral(FACETS),
  /** Columns that are not shown; absent: the usual ones. */
  hide: parseAsArrayOf(parseAsString),
  pane: parseAsStringLiteral(BULK_ACTIONS),
};

/** Parameters that a saved view keeps. */
export const VIEW_PARAMETERS = ['q', ...FACETS, 'sort', 'by', 'hide'] as const;

/** How the grid stands, all of it in the address: filter, sorting, groups, columns, the open pane. */
export function useBrowseState() {
  const [state, setState] = useQueryStates(parsers, { history: 'replace' });
  const { q, sort, by, hide, pane } = state;
  const filter = useMemo<FleetFilter>(
    () => ({ words: q, facets: Object.fromEntries(FACETS.map((facet) => [facet, state[facet]])) }),
    [q, state],
  );
  const sorting = useMemo<Sorting>(
    () =>
      sort
        .split(',')
        .filter(Boolean)
        .map((id) => ({ id: id.replace(/^-/, ''), desc: id.startsWith('-') })),
    [sort],
  );
  return {
    filter,
    sorting,
    groupBy: by,
    hidden: hide,
    pane,
    isFiltered: q !== '' || FACETS.some((facet) => state[facet].length > 0),
    setWords: (words: string) => void setState({ q: words || null }),
    setFacet: (facet: Facet, values: string[]) =>
      void setState({ [facet]: values.length === 0 ? null : values }, { history: 'push' }),
    setSorting: (next: Sorting) =>
      void setState({ sort: next.map(({ id, desc }) => (desc ? `-${id}` : id)).join(',') || null }),
    setGroupBy: (facet: Facet | null) => void setState({ by: facet }, { history: 'push' }),
    setHidden: (ids: string[]) => void setState({ hide: ids }),
    setPane: (action: (typeof BULK_ACTIONS)[number] | null) => void setState({ pane: action }, { history: 'push' }),
    clearFilter: () =>
      void setState({ q: null, ...Object.fromEntries(FACETS.map((facet) => [facet, null])) }, { history: 'push' }),
  };
}
