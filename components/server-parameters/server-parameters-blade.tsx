'use client';

import { useQuery } from '@tanstack/react-query';
import { Download, GitCompareArrows, Upload } from 'lucide-react';
import dynamic from 'next/dynamic';
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useDeferredValue, useMemo } from 'react';
import { BladeFooter } from '@/components/blade/blade-footer';
import { useUnsavedEdits } from '@/components/blade/unsaved-edits';
import { ServerBlade } from '@/components/servers/server-blade';
import { useServerKey } from '@/components/servers/server-key';
import { useServer } from '@/components/servers/use-server';
import { Card } from '@/components/ui/card';
import { DataTable } from '@/components/ui/data-table';
import { Link } from '@/components/ui/link';
import { Notice } from '@/components/ui/notice';
import { QueryRegion, toErrorWords } from '@/components/ui/query-region';
import { SkeletonRows } from '@/components/ui/skeleton';
import { EmptyState, ErrorState } from '@/components/ui/states';
import { SearchBox } from '@/components/ui/text-field';
import { serverId } from '@/lib/arm/resource-id';
import { paths } from '@/lib/paths';
import { configurationsQuery } from '@/lib/queries/configurations';
import { usePermission } from '@/lib/queries/permissions';
import { actionProblem } from '@/lib/rules/server-actions';
import {
  editParameter,
  editProblem,
  hasWords,
  isListed,
  isSameValue,
  PARAMETER_LISTS,
  toServerParameter,
  type ParameterEdits,
  type ParameterList,
  type ServerParameter,
} from '@/lib/rules/server-parameters';
import { parameterColumns } from './parameter-columns';
import { CompareSelect, ListSelect } from './parameter-toolbar';
import { useComparedServer } from './use-compared-server';
import { useSaveParameters } from './use-save-parameters';
import type { ParameterActions } from './parameter-actions';

const ParameterPane = dynamic(() => import('./parameter-pane').then((module) => module.ParameterPane));
const ImportPane = dynamic(() => import('./import-pane').then((module) => module.ImportPane));
const ReviewPane = dynamic(() => import('./review-pane').then((module) => module.ReviewPane));

const LISTS = Object.keys(PARAMETER_LISTS) as ParameterList[];

const groupOf = ({ group }: ServerParameter) => group;

/** Every variable of the running MySQL: found, compared, edited together and sent as one batch. */
export function ServerParametersBlade({ actions }: { actions: ParameterActions }) {
  const key = useServerKey();
  const server = useServer(key);
  const state = server.data?.properties.state;
  const unreadable = state ? actionProblem('databases', state) : undefined;
  const query = useQuery({
    ...configurationsQuery(key),
    enabled: state !== undefined && (!unreadable || state === 'Updating'),
  });
  const parameters = useMemo(() => query.data?.map(toServerParameter), [query.data]);
  const [edits, setEdits] = useUnsavedEdits<ParameterEdits>({});
  const [view, setView] = useQueryStates({
    q: parseAsString.withDefault(''),
    show: parseAsStringLiteral(LISTS).withDefault('changeable'),
    compare: parseAsString,
    parameter: parseAsString.withOptions({ history: 'push' }),
    pane: parseAsStringLiteral(['import', 'review'] as const).withOptions({ history: 'push' }),
  });
  const saving = useSaveParameters(key, actions);
  const compared = useComparedServer(view.compare);
  const mayWrite = usePermission(serverId(key), 'Microsoft.DBforMySQL/flexibleServers/updateConfigurations/action');
  const unchangeable = mayWrite ?? (state ? actionProblem('update', state) : 'The server is being loaded.');

  const words = useDeferredValue(view.q);
  const shown = useMemo(
    () =>
      (parameters ?? []).filter((one) => {
        const other = compared?.values?.get(one.name);
        if (compared?.values && (other === undefined || isSameValue(one, other, one.value)) && !(one.name in edits)) {
          return false;
        }
        return isListed(one, view.show, edits) && hasWords(one, words);
      }),
    [parameters, view.show, words, edits, compared?.values],
  );
  const columns = useMemo(
    () =>
      parameterColumns({
        edits,
        onEdit: (parameter, value) => setEdits((known) => editParameter(known, parameter, value)),
        onOpen: (name) => void setView({ parameter: name }),
        unchangeable,
        compared: compared?.values && { name: compared.name, values: compared.values },
      }),
    [edits, setEdits, setView, unchangeable, compared],
  );
  const count = Object.keys(edits).length;
  const faulty = (parameters ?? []).find((one) => editProblem(one, edits));
  const pending = (parameters ?? []).filter(({ isPendingRestart }) => isPendingRestart);
  const opened = parameters?.find(({ name }) => name === view.parameter);
  const notLoaded = !parameters && 'The parameters are being loaded.';
  const save = async (modifiedOnly: boolean) => {
    if (!parameters) return;
    const [{ parametersToJson }, { download }] = await Promise.all([
      import('@/lib/rules/parameter-files'),
      import('@/components/ui/download'),
    ]);
    const text = parametersToJson(parameters, key.serverName, modifiedOnly);
    download(`${key.serverName}-parameters.json`, 'application/json', text);
  };

  return (
    <ServerBlade
      title="Server parameters"
      width="wide"
      commands={[
        {
          id: 'export-modified',
          label: 'Export modified',
          icon: Download,
          onSelect: () => void save(true),
          disabledReason:
            notLoaded || (!parameters?.some(({ isModified }) => isModified) && 'Every parameter has its default.'),
        },
        {
          id: 'export',
          label: 'Export all',
          icon: Download,
          onSelect: () => void save(false),
          disabledReason: notLoaded,
        },
        {
          id: 'import',
          label: 'Import',
          icon: Upload,
          onSelect: () => void setView({ pane: 'import' }),
          disabledReason: unchangeable ?? notLoaded,
          load: () => import('./import-pane'),
        },
      ]}
      notices={
        <>
          {saving.error && view.pane !== 'review' && (
            <Notice tone="bad" title="The parameters were not changed." live>
              {saving.error.message} <span className="font-mono text-xs">({saving.error.code})</span>
            </Notice>
          )}
          {pending.length > 0 && (
            <Notice
              tone="warn"
              title={
                pending.length === 1
                  ? 'One parameter waits for a restart.'
                  : `${pending.length} parameters wait for a restart.`
              }
              action={<Link href={paths.server(key, 'overview', 'restart')}>Restart the server</Link>}
            >
              {pending.map(({ name }) => name).join(', ')}
            </Notice>
          )}
        </>
      }
      footer={
        <BladeFooter
          onApply={() => void setView({ pane: 'review' })}
          applyLabel="Save"
          applyDisabledReason={
            unchangeable ??
            (faulty ? editProblem(faulty, edits) : undefined) ??
            (count === 0 && 'Nothing is changed yet.')
          }
          unsaved={count > 0}
          onDiscard={() => {
            setEdits({});
            saving.reset();
          }}
          pending={saving.pending}
          discardDisabledReason={count === 0 && 'Nothing is changed yet.'}
          aside={
            saving.pending
              ? 'Being saved; the bell follows it.'
              : count > 0 && `${count} ${count === 1 ? 'parameter' : 'parameters'} edited, saved together`
          }
        />
      }
    >
      <Card flush>
        {server.error && !server.data ? (
          <ErrorState error={toErrorWords(server.error)} onRetry={() => void server.refetch()} />
        ) : unreadable && !parameters ? (
          <EmptyState title="The parameters can’t be read now">{unreadable}</EmptyState>
        ) : (
          <QueryRegion query={{ ...query, data: parameters }} skeleton={<SkeletonRows rows={12} columns={5} />}>
            {(all) => (
              <DataTable
                label="Server parameters"
                columns={columns}
                rows={shown}
                rowId={(row) => row.name}
                rowName={(row) => row.name}
                rowHeight={44}
                maxHeight="max(320px, calc(100dvh - 330px))"
                groupOf={groupOf}
                toolbar={
                  <>
                    <SearchBox
                      label="Find a parameter"
                      placeholder="Find by name, value, meaning …"
                      value={view.q}
                      onChange={(q) => void setView({ q: q || null })}
                    />
                    <ListSelect value={view.show} onChange={(show) => void setView({ show })} />
                    <CompareSelect value={view.compare} onChange={(compare) => void setView({ compare })} />
                    <span role="status" className="text-text-3">
                      {shown.length.toLocaleString('en-US')} of {all.length.toLocaleString('en-US')}
                      {compared?.values && ', those that differ'}
                    </span>
                    {compared?.error && <span className="text-bad">{compared.error}</span>}
                  </>
                }
                empty={
                  <EmptyState icon={GitCompareArrows} title="No parameter is like that">
                    {compared?.values
                      ? 'None of those listed differs from the other server.'
                      : 'None that is listed has these words.'}
                  </EmptyState>
                }
              />
            )}
          </QueryRegion>
        )}
      </Card>
      {opened && (
        <ParameterPane
          parameter={opened}
          edits={edits}
          onEdit={(parameter, value) => setEdits(editParameter(edits, parameter, value))}
          onClose={() => void setView({ parameter: null })}
          unchangeable={unchangeable}
        />
      )}
      {parameters && view.pane === 'import' && (
        <ImportPane
          parameters={parameters}
          onClose={() => void setView({ pane: null })}
          onImport={(imported) => {
            setEdits({ ...edits, ...imported });
            void setView({ pane: null, show: 'edited', q: null });
          }}
        />
      )}
      {parameters && view.pane === 'review' && count > 0 && (
        <ReviewPane
          server={key}
          parameters={parameters}
          edits={edits}
          unchangeable={unchangeable}
          pending={saving.pending}
          error={saving.error}
          onClose={() => void setView({ pane: null })}
          onSave={(restart) =>
            void saving.save({
              parameters,
              edits,
              restart,
              onAccepted: () => void setView({ pane: null }),
              onSaved: () => setEdits({}),
            })
          }
        />
      )}
    </ServerBlade>
  );
}
