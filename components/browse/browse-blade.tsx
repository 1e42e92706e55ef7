'use client';

import {
  ArchiveRestore,
  Braces,
  FileSpreadsheet,
  Play,
  Plus,
  RefreshCw,
  RotateCw,
  Server,
  Square,
  Tag,
  Trash2,
} from 'lucide-react';
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useDeferredValue, useMemo, useState, type ReactNode } from 'react';
import { BladeFrame } from '@/components/blade/blade-frame';
import type { Command } from '@/components/blade/command-bar';
import { FleetFailures } from '@/components/servers/fleet-failures';
import { useFleet } from '@/components/servers/use-fleet';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { DataTable } from '@/components/ui/data-table';
import { LinkButton } from '@/components/ui/link';
import { Menu } from '@/components/ui/menu';
import { toErrorWords } from '@/components/ui/query-region';
import { SkeletonRows } from '@/components/ui/skeleton';
import { EmptyState, ErrorState, ForbiddenState } from '@/components/ui/states';
import { TextButton } from '@/components/ui/text-button';
import { SearchBox } from '@/components/ui/text-field';
import { useChosenSubscriptions } from '@/components/blade/chosen-subscriptions';
import { paths } from '@/lib/paths';
import { useFlexdeckLocal } from '@/lib/queries/flexdeck-local';
import { BULK_ACTIONS, BULK_WORDS, leftOutReason, type BulkAction } from '@/lib/rules/bulk-actions';
import {
  FACET_LABELS,
  FACETS,
  facetValueLabel,
  facetValues,
  filterFleet,
  type Facet,
  type FleetServer,
} from '@/lib/rules/fleet';
import type { BulkActions } from './bulk-actions';
import { COLUMNS, USUALLY_HIDDEN } from './columns';
import { FilterPills } from './filter-pills';
import { useBrowseState } from './use-browse-state';
import { useBulkPermission } from './use-bulk-permission';
import { ViewsMenu } from './views-menu';

const BulkPane = dynamic(() => import('./bulk-pane').then((module) => module.BulkPane));

const ICONS = { start: Play, stop: Square, restart: RotateCw, tag: Tag, delete: Trash2 };

/** Every server of the chosen subscriptions: filter, sort, group, choose, act on many. */
export function BrowseBlade({ actions }: { actions: BulkActions }) {
  const fleet = useFleet();
  const browse = useBrowseState();
  const { push } = useRouter();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const { servers } = fleet;
  const filter = useDeferredValue(browse.filter);
  const shown = useMemo(() => filterFleet(servers, filter), [servers, filter]);
  // What a filter hides is not acted upon: nobody sees that it is chosen.
  const chosen = useMemo(() => shown.filter(({ id }) => selected.has(id)), [shown, selected]);
  const chosenIds = useMemo(() => new Set(chosen.map(({ id }) => id)), [chosen]);
  const forbidden = useBulkPermission(chosen);
  const local = useFlexdeckLocal(useChosenSubscriptions().chosen[0]?.subscriptionId ?? '');
  const { groupBy } = browse;
  const groupOf = useMemo(
    () => (groupBy ? (server: FleetServer) => groupWords(server, groupBy) : undefined),
    [groupBy],
  );

  const { pane, setPane } = browse;
  /** A plan is for what is chosen now: after a reload nothing is. */
  const [isPlanned, setPlanned] = useState(false);
  const closePane = () => {
    setPlanned(false);
    setPane(null);
  };

  const exported = chosen.length > 0 ? chosen : shown;
  const nothingToExport = exported.length === 0 && 'There is no server in the list.';
  const commands: Command[] = [
    { id: 'create', label: 'Create', icon: Plus, href: paths.createServer() },
    ...BULK_ACTIONS.map((action): Command => ({
      id: action,
      label: BULK_WORDS[action].verb,
      icon: ICONS[action],
      onSelect: () => {
        setPlanned(true);
        setPane(action);
      },
      disabledReason: forbidden[action] ?? bulkProblem(action, chosen),
    })),
    {
      id: 'csv',
      label: 'Export CSV',
      icon: FileSpreadsheet,
      onSelect: () => void save('csv', exported),
      disabledReason: nothingToExport,
    },
    {
      id: 'json',
      label: 'Export JSON',
      icon: Braces,
      onSelect: () => void save('json', exported),
      disabledReason: nothingToExport,
    },
    ...(local ? [{ id: 'deleted', label: 'Deleted servers', icon: ArchiveRestore, href: paths.deletedServers() }] : []),
    { id: 'refresh', label: 'Refresh', icon: RefreshCw, onSelect: fleet.refresh, pending: fleet.isFetching },
  ];

  return (
    <BladeFrame
      crumbs={[{ label: 'Home', href: paths.home() }, { label: 'Servers' }]}
      title="Servers"
      commands={commands}
      notices={<FleetFailures fleet={fleet} />}
      width="wide"
    >
      <Card flush>
        <Content fleet={fleet}>
          <div className="border-b border-line px-3 py-2">
            <FilterPills
              servers={servers}
              filter={filter}
              onChange={browse.setFacet}
              onClear={browse.clearFilter}
              isFiltered={browse.isFiltered}
            />
          </div>
          <DataTable
            label="Servers"
            columns={COLUMNS}
            rows={shown}
            rowId={(row) => row.id}
            rowName={(row) => row.name}
            selected={chosenIds}
            onSelectedChange={setSelected}
            onOpen={(row) => push(paths.server(row.key))}
            sorting={browse.sorting}
            onSortingChange={browse.setSorting}
            columnChooser
            hiddenColumns={browse.hidden ?? USUALLY_HIDDEN}
            onHiddenColumnsChange={browse.setHidden}
            groupOf={groupOf}
            toolbar={
              <>
                <SearchBox
                  label="Filter servers"
                  placeholder="Filter by name, group, tag …"
                  value={browse.filter.words}
                  onChange={browse.setWords}
                />
                <GroupMenu groupBy={groupBy} onChange={browse.setGroupBy} />
                <ViewsMenu />
                <span role="status" className="text-text-3">
                  {countWords(shown.length, servers.length, chosen.length)}
                </span>
                {chosen.length > 0 && <TextButton onClick={() => setSelected(new Set())}>Clear selection</TextButton>}
              </>
            }
            empty={
              <EmptyState
                icon={Server}
                title="No server is like that"
                action={<Button onClick={browse.clearFilter}>Clear filters</Button>}
              >
                {servers.length === 1
                  ? 'There is one server'
                  : `There are ${servers.length.toLocaleString('en-US')} servers`}
                , but none matches every filter.
              </EmptyState>
            }
          />
        </Content>
      </Card>
      {pane && isPlanned && (
        <BulkPane key={pane} action={pane} servers={chosen} actions={actions} onClose={closePane} />
      )}
    </BladeFrame>
  );
}

/** The faces of the list; the grid itself where there is something to list. */
function Content({ fleet, children }: { fleet: ReturnType<typeof useFleet>; children: ReactNode }) {
  const { subscriptions, isPending, isPartial, servers, failures, chosen, refresh } = fleet;
  if (subscriptions.error && !subscriptions.data) return <FailedList error={subscriptions.error} onRetry={refresh} />;
  if (isPending) return <SkeletonRows rows={8} columns={6} />;
  if (servers.length > 0) return children;
  const [failure] = failures;
  if (failure && failures.length === chosen.length) return <FailedList error={failure.error} onRetry={refresh} />;
  if (isPartial) return <SkeletonRows rows={8} columns={6} />;
  return (
    <EmptyState
      icon={Server}
      title="No server yet"
      action={
        <LinkButton variant="primary" icon={Plus} href={paths.createServer()}>
          Create a server
        </LinkButton>
      }
    >
      The servers of your subscriptions are listed here, with their state, size and place.
    </EmptyState>
  );
}

function FailedList({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const words = toErrorWords(error);
  return words.status === 403 ? (
    <ForbiddenState error={words} onRetry={onRetry} />
  ) : (
    <ErrorState error={words} onRetry={onRetry} />
  );
}

function GroupMenu({ groupBy, onChange }: { groupBy: Facet | null; onChange: (facet: Facet | null) => void }) {
  return (
    <Menu
      label="Group by"
      sections={[
        {
          items: [
            { id: 'none', label: 'No groups', checked: groupBy === null, onSelect: () => onChange(null) },
            ...FACETS.map((facet) => ({
              id: facet,
              label: FACET_LABELS[facet],
              checked: groupBy === facet,
              onSelect: () => onChange(facet),
            })),
          ],
        },
      ]}
    >
      {(trigger) => (
        <Button {...trigger}>{groupBy ? `Grouped by ${FACET_LABELS[groupBy].toLowerCase()}` : 'Group by'}</Button>
      )}
    </Menu>
  );
}

function groupWords(server: FleetServer, facet: Facet): string {
  const values = facetValues(server, facet);
  if (values.length === 0) return 'No tag';
  return values.map((value) => facetValueLabel(facet, value)).join(', ');
}

async function save(format: 'csv' | 'json', servers: readonly FleetServer[]): Promise<void> {
  const [{ fleetToCsv, fleetToJson }, { download }] = await Promise.all([
    import('@/lib/rules/fleet-export'),
    import('@/components/ui/download'),
  ]);
  if (format === 'csv') download('servers.csv', 'text/csv', fleetToCsv(servers));
  else download('servers.json', 'application/json', fleetToJson(servers));
}

function bulkProblem(action: BulkAction, chosen: readonly FleetServer[]): string | undefined {
  if (chosen.length === 0) return 'Choose servers in the list first.';
  const reasons = chosen.map((server) => leftOutReason(action, server));
  return reasons.every((reason) => reason !== undefined) ? reasons[0] : undefined;
}

function countWords(shown: number, all: number, chosen: number): string {
  const count = (value: number) => value.toLocaleString('en-US');
  const listed =
    shown === all ? `${count(all)} ${all === 1 ? 'server' : 'servers'}` : `${count(shown)} of ${count(all)}`;
  return chosen === 0 ? listed : `${listed}, ${count(chosen)} chosen`;
}
