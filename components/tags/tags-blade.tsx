'use client';

import { Plus, Trash2 } from 'lucide-react';
import { useRef, useState } from 'react';
import { BladeFooter } from '@/components/blade/blade-footer';
import { useUnsavedEdits } from '@/components/blade/unsaved-edits';
import { ChangePane } from '@/components/servers/change-pane';
import { ServerBlade } from '@/components/servers/server-blade';
import { useServerKey } from '@/components/servers/server-key';
import { useServer } from '@/components/servers/use-server';
import { useServerChange, type BeginAction } from '@/components/servers/use-server-change';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { FieldHint } from '@/components/ui/field';
import { IconButton } from '@/components/ui/icon-button';
import { Link } from '@/components/ui/link';
import { QueryRegion } from '@/components/ui/query-region';
import { SkeletonRows } from '@/components/ui/skeleton';
import { serverId, type ServerKey } from '@/lib/arm/resource-id';
import { paths } from '@/lib/paths';
import { usePermission } from '@/lib/queries/permissions';
import { actionProblem } from '@/lib/rules/server-actions';
import { describeTags } from '@/lib/rules/server-changes';
import { editedTags, tagFaults, type TagField } from '@/lib/rules/tags';

export interface TagsActions {
  setTags: BeginAction<[ServerKey, Record<string, string>]>;
}

interface Row extends TagField {
  id: number;
}

const rowsOf = (tags: Record<string, string>): Row[] =>
  Object.entries(tags).map(([name, value], id) => ({ id, name, value }));

/** Name, value, and what removes them. */
const TAG_ROW = 'grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_30px] gap-x-2.5 gap-y-1';

/** Names and values to find servers by and to split costs. */
export function TagsBlade({ actions }: { actions: TagsActions }) {
  const key = useServerKey();
  const query = useServer(key);
  const server = query.data;
  const change = useServerChange(key, actions.setTags);
  /** What is edited, and what the server had when that began; undefined while nothing is edited. */
  const [edit, setEdit] = useUnsavedEdits<{ rows: Row[]; base: Record<string, string> } | undefined>(undefined);
  const [isReviewed, setReviewed] = useState(false);
  const addButton = useRef<HTMLButtonElement>(null);
  const mayWrite = usePermission(serverId(key), 'Microsoft.DBforMySQL/flexibleServers/write');
  const present = server?.tags ?? {};
  const rows = edit?.rows ?? rowsOf(present);
  const wanted = edit ? editedTags(present, edit.base, edit.rows) : present;
  const faults = tagFaults(rows);
  const described = describeTags(key, present, wanted);
  const count = described.changes.length;
  const problem =
    mayWrite ?? (server ? actionProblem('update', server.properties.state ?? '') : 'The server is being loaded.');
  const set = (next: Row[]) => setEdit({ rows: next, base: edit?.base ?? present });
  const setRow = (id: number, values: Partial<TagField>) =>
    set(rows.map((row) => (row.id === id ? { ...row, ...values } : row)));
  const add = () => {
    const id = Math.max(-1, ...rows.map((row) => row.id)) + 1;
    set([...rows, { id, name: '', value: '' }]);
    requestAnimationFrame(() => document.querySelector<HTMLInputElement>(`[data-tag="${id}"]`)?.focus());
  };
  const close = () => {
    setReviewed(false);
    change.reset();
  };
  const apply = async () => {
    if (!(await change.submit(`Tagging ${key.serverName}`, key, wanted))) return;
    setReviewed(false);
    setEdit(undefined);
  };

  return (
    <ServerBlade
      title="Tags"
      footer={
        <BladeFooter
          onApply={() => setReviewed(true)}
          applyDisabledReason={problem ?? faults[0]?.message ?? (count === 0 && 'Nothing is changed yet.')}
          unsaved={edit !== undefined}
          onDiscard={() => setEdit(undefined)}
          discardDisabledReason={!edit && 'Nothing is changed yet.'}
          aside={count > 0 && `${count} ${count === 1 ? 'change' : 'changes'} not applied yet`}
        />
      }
    >
      <Card title="Tags" aside={<Link href={paths.servers()}>find servers by tag</Link>}>
        <p className="mb-3 max-w-prose text-text-2">
          Names and values by which you find servers and split costs. Everybody who sees the server sees them: put no
          secrets in them.
        </p>
        <QueryRegion query={query} skeleton={<SkeletonRows rows={3} columns={2} />}>
          {() => (
            <div className="grid max-w-[720px] gap-2.5">
              {rows.length === 0 && <p className="text-text-3">This server has no tag yet.</p>}
              {rows.length > 0 && (
                <div aria-hidden className={`${TAG_ROW} -mb-1.5 text-xs font-[560] text-text-2`}>
                  <span>Name</span>
                  <span>Value</span>
                </div>
              )}
              {rows.map((row, index) => {
                const fault = faults.find((one) => one.index === index);
                const hint = `tag-${row.id}-hint`;
                return (
                  <div key={row.id} className={TAG_ROW}>
                    {(['name', 'value'] as const).map((field) => (
                      <input
                        key={field}
                        {...(field === 'name' && { 'data-tag': row.id })}
                        className="control read-only:bg-sunken"
                        aria-label={`${field === 'name' ? 'Name' : 'Value'} of tag ${index + 1}`}
                        placeholder={field === 'name' ? 'environment' : 'production'}
                        autoComplete="off"
                        readOnly={Boolean(problem)}
                        value={row[field]}
                        aria-invalid={fault?.field === field || undefined}
                        aria-describedby={hint}
                        onChange={(event) => setRow(row.id, { [field]: event.target.value })}
                      />
                    ))}
                    <IconButton
                      icon={Trash2}
                      label={`Remove tag ${row.name || index + 1}`}
                      disabledReason={problem}
                      onClick={() => {
                        addButton.current?.focus();
                        set(rows.filter(({ id }) => id !== row.id));
                      }}
                    />
                    <div className="col-span-full empty:hidden">
                      <FieldHint id={hint} error={fault?.message} />
                    </div>
                  </div>
                );
              })}
              <div>
                <Button ref={addButton} icon={Plus} onClick={add} disabledReason={problem}>
                  Add a tag
                </Button>
              </div>
            </div>
          )}
        </QueryRegion>
      </Card>
      <ChangePane
        isOpen={isReviewed && count > 0}
        onClose={close}
        title="Change tags"
        subtitle={key.serverName}
        change={described}
        applyLabel={count === 1 ? 'Apply 1 change' : `Apply ${count} changes`}
        applyDisabledReason={problem}
        pending={change.pending}
        error={change.error}
        onApply={() => void apply()}
      />
    </ServerBlade>
  );
}
