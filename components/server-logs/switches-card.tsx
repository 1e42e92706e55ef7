import { useQuery } from '@tanstack/react-query';
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { useState } from 'react';
import { ChangePane } from '@/components/servers/change-pane';
import { useServer } from '@/components/servers/use-server';
import { useServerChange, type BeginAction } from '@/components/servers/use-server-change';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Switch } from '@/components/ui/checkbox';
import { NumberField } from '@/components/ui/number-field';
import { QueryRegion } from '@/components/ui/query-region';
import { SkeletonRows } from '@/components/ui/skeleton';
import { serverId, type ServerKey } from '@/lib/arm/resource-id';
import { useFlexdeckLocal } from '@/lib/queries/flexdeck-local';
import { usePermission } from '@/lib/queries/permissions';
import { logParametersQuery } from '@/lib/queries/server-logs';
import { changedLogParameters, describeLogParameters, LOG_SWITCHES } from '@/lib/rules/log-parameters';
import { actionProblem } from '@/lib/rules/server-actions';

export type SetLogParameters = BeginAction<[ServerKey, Record<string, string>]>;

/** What is logged, by server parameters; changed through the review. */
export function SwitchesCard({ server: key, setParameters }: { server: ServerKey; setParameters: SetLogParameters }) {
  const { data: server } = useServer(key);
  const query = useQuery(logParametersQuery(key));
  const isLocal = useFlexdeckLocal(key.subscriptionId);
  const mayWrite = usePermission(serverId(key), 'Microsoft.DBforMySQL/flexibleServers/updateConfigurations/action');
  const [edits, setEdits] = useState<Record<string, string>>({});
  const [pane, setPane] = useQueryState('pane', parseAsStringLiteral(['review']).withOptions({ history: 'push' }));
  const change = useServerChange(key, setParameters);
  const problem = mayWrite ?? actionProblem('update', server?.properties.state ?? '');
  const before = query.data ?? {};
  const after = { ...before, ...edits };
  const changed = changedLogParameters(before, after);
  const isChanged = Object.keys(changed).length > 0;
  const set = (name: string, value: string) => setEdits({ ...edits, [name]: value });

  const close = () => {
    change.reset();
    void setPane(null);
  };
  const apply = async () => {
    if (!(await change.submit(`Setting what ${key.serverName} logs`, key, changed))) return;
    setEdits({});
    close();
  };
  return (
    <Card title="What is logged" aside="server parameters">
      <QueryRegion query={query} skeleton={<SkeletonRows rows={6} columns={2} />}>
        {(known) => (
          <div className="grid gap-3">
            {LOG_SWITCHES.filter(({ name, localOnly }) => name in known && (!localOnly || isLocal)).map((each) =>
              each.kind === 'switch' ? (
                <Switch
                  key={each.name}
                  label={each.label}
                  description={each.description}
                  checked={after[each.name]?.toUpperCase() === 'ON'}
                  onChange={(on) => set(each.name, on ? 'ON' : 'OFF')}
                  disabledReason={problem}
                />
              ) : (
                <NumberField
                  key={each.name}
                  label={each.label}
                  description={each.description}
                  layout="stack"
                  value={Number(after[each.name])}
                  onChange={(value) => {
                    if (Number.isFinite(value)) set(each.name, String(value));
                  }}
                  min={0}
                  max={each.max}
                  step={each.step}
                  unit={each.unit}
                  disabled={problem !== undefined}
                />
              ),
            )}
            <div className="flex flex-wrap gap-2 pt-1">
              <Button
                variant="primary"
                onClick={() => void setPane('review')}
                disabledReason={problem ?? (isChanged ? undefined : 'Nothing is changed.')}
              >
                Review and save
              </Button>
              <Button onClick={() => setEdits({})} disabledReason={isChanged ? undefined : 'Nothing is changed.'}>
                Discard
              </Button>
            </div>
          </div>
        )}
      </QueryRegion>
      <ChangePane
        isOpen={pane === 'review' && query.data !== undefined}
        onClose={close}
        title="Change what is logged"
        subtitle={key.serverName}
        change={describeLogParameters(key, before, after)}
        applyLabel="Save"
        applyDisabledReason={problem ?? (isChanged ? undefined : 'Nothing is changed.')}
        onApply={() => void apply()}
        pending={change.pending}
        error={change.error}
      >
        <p>This takes effect at once, without a restart.</p>
      </ChangePane>
    </Card>
  );
}
