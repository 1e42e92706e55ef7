import { useQuery } from '@tanstack/react-query';
import { MoreHorizontal, Pencil, Plus, Power, Sparkles, Trash2 } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { IconButton } from '@/components/ui/icon-button';
import { Menu } from '@/components/ui/menu';
import { Pill } from '@/components/ui/pill';
import { QueryRegion } from '@/components/ui/query-region';
import { SimpleTable } from '@/components/ui/simple-table';
import { SkeletonRows } from '@/components/ui/skeleton';
import { EmptyState } from '@/components/ui/states';
import { TextButton } from '@/components/ui/text-button';
import type { MetricAlert } from '@/lib/arm/insights/metric-alerts';
import type { ServerKey } from '@/lib/arm/resource-id';
import { alertRulesQuery } from '@/lib/queries/alerts';
import { conditionWords, durationWords } from '@/lib/rules/alert-changes';
import { Severity } from './severity';

interface RulesCardProps {
  server: ServerKey;
  writeProblem: string | undefined;
  onCreate: () => void;
  onRecommended: () => void;
  onEdit: (rule: MetricAlert) => void;
  onToggle: (rule: MetricAlert) => void;
  onDelete: (rule: MetricAlert) => void;
}

/** The rules that watch the server, those over its group or subscription among them. */
export function RulesCard({
  server,
  writeProblem,
  onCreate,
  onRecommended,
  onEdit,
  onToggle,
  onDelete,
}: RulesCardProps) {
  const query = useQuery(alertRulesQuery(server));
  return (
    <Card flush>
      <QueryRegion
        query={query}
        skeleton={<SkeletonRows rows={4} columns={5} />}
        isEmpty={(list) => list.length === 0}
        empty={
          <EmptyState
            icon={Sparkles}
            title="Nobody watches this server yet"
            action={
              <div className="flex flex-wrap justify-center gap-2">
                <Button variant="primary" icon={Sparkles} onClick={onRecommended} disabledReason={writeProblem}>
                  Use the recommended rules
                </Button>
                <Button icon={Plus} onClick={onCreate} disabledReason={writeProblem}>
                  Create a rule
                </Button>
              </div>
            }
          >
            A rule looks at metrics every minute and tells people when its condition is met.
          </EmptyState>
        }
      >
        {(list) => (
          <SimpleTable
            caption="Alert rules"
            rows={list}
            rowId={({ id }) => id}
            columns={[
              {
                id: 'name',
                header: 'Rule',
                render: (rule) => (
                  <>
                    <TextButton className="[overflow-wrap:anywhere]" onClick={() => onEdit(rule)}>
                      {rule.name}
                    </TextButton>
                    <span className="block text-xs text-text-3 sm:hidden">{whenWords(rule)}</span>
                    <span className="mt-1 block text-xs sm:hidden">
                      <Severity severity={rule.properties.severity} />
                    </span>
                  </>
                ),
              },
              {
                id: 'condition',
                header: 'Condition',
                hiddenOnPhones: true,
                render: whenWords,
              },
              {
                id: 'severity',
                header: 'Severity',
                hiddenOnPhones: true,
                render: ({ properties }) => <Severity severity={properties.severity} />,
              },
              {
                id: 'groups',
                header: 'Tells',
                hiddenOnPhones: true,
                render: ({ properties }) => (
                  <span className="block min-w-24 [overflow-wrap:anywhere]">
                    {(properties.actions ?? [])
                      .map(({ actionGroupId }) => actionGroupId.split('/').at(-1))
                      .join(', ') || 'nobody'}
                  </span>
                ),
              },
              {
                id: 'enabled',
                header: 'Rule is',
                render: ({ properties }) =>
                  properties.enabled ? <Pill tone="ok">Enabled</Pill> : <Pill tone="off">Disabled</Pill>,
              },
              {
                id: 'more',
                header: 'Actions',
                headerHidden: true,
                align: 'right',
                render: (rule) => (
                  <Menu
                    label={`Rule ${rule.name}`}
                    sections={[
                      {
                        items: [
                          { id: 'edit', label: 'Edit', icon: Pencil, onSelect: () => onEdit(rule) },
                          {
                            id: 'toggle',
                            label: rule.properties.enabled ? 'Disable' : 'Enable',
                            icon: Power,
                            onSelect: () => onToggle(rule),
                            disabledReason: writeProblem,
                          },
                          {
                            id: 'delete',
                            label: 'Delete',
                            icon: Trash2,
                            tone: 'danger',
                            onSelect: () => onDelete(rule),
                            disabledReason: writeProblem,
                          },
                        ],
                      },
                    ]}
                  >
                    {(trigger) => (
                      <IconButton icon={MoreHorizontal} label={`More for ${rule.name}`} size={24} {...trigger} />
                    )}
                  </Menu>
                ),
              },
            ]}
          />
        )}
      </QueryRegion>
    </Card>
  );
}

function whenWords({ properties }: MetricAlert): string {
  return `${conditionWords(properties)}, over ${durationWords(properties.windowSize)}`;
}
