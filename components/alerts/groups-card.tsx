import { useQuery } from '@tanstack/react-query';
import { KeyRound, MoreHorizontal, Pencil, Plus, Send, Trash2, Users } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { IconButton } from '@/components/ui/icon-button';
import { Menu } from '@/components/ui/menu';
import { QueryRegion } from '@/components/ui/query-region';
import { SimpleTable } from '@/components/ui/simple-table';
import { SkeletonRows } from '@/components/ui/skeleton';
import { EmptyState } from '@/components/ui/states';
import { TextButton } from '@/components/ui/text-button';
import type { ActionGroup } from '@/lib/arm/insights/action-groups';
import { parseResourceId } from '@/lib/arm/resource-id';
import { actionGroupsQuery } from '@/lib/queries/alerts';
import { receiverWords } from '@/lib/rules/alert-changes';

interface GroupsCardProps {
  subscriptionId: string;
  writeProblem: string | undefined;
  onCreate: () => void;
  onEdit: (group: ActionGroup) => void;
  onTest: (group: ActionGroup) => void;
  onSecret: (group: ActionGroup) => void;
  onDelete: (group: ActionGroup) => void;
}

/** Who can be told: the subscription's action groups. */
export function GroupsCard({ subscriptionId, writeProblem, onCreate, ...on }: GroupsCardProps) {
  const query = useQuery(actionGroupsQuery(subscriptionId));
  return (
    <Card flush>
      <QueryRegion
        query={query}
        skeleton={<SkeletonRows rows={3} columns={4} />}
        isEmpty={(list) => list.length === 0}
        empty={
          <EmptyState
            icon={Users}
            title="No action group yet"
            action={
              <Button variant="primary" icon={Plus} onClick={onCreate} disabledReason={writeProblem}>
                Create an action group
              </Button>
            }
          >
            An action group says who is told: webhooks and e-mail addresses. Rules name the groups that they tell.
          </EmptyState>
        }
      >
        {(list) => (
          <SimpleTable
            caption="Action groups"
            rows={list}
            rowId={({ id }) => id}
            columns={[
              {
                id: 'name',
                header: 'Action group',
                render: (group) => (
                  <TextButton className="[overflow-wrap:anywhere]" onClick={() => on.onEdit(group)}>
                    {group.name}
                  </TextButton>
                ),
              },
              {
                id: 'resourceGroup',
                header: 'Resource group',
                hiddenOnPhones: true,
                render: ({ id }) => parseResourceId(id)?.resourceGroup ?? '–',
              },
              {
                id: 'receivers',
                header: 'Receivers',
                render: ({ properties }) => (
                  <span className="[overflow-wrap:anywhere]">{receiverWords(properties)}</span>
                ),
              },
              {
                id: 'more',
                header: 'Actions',
                headerHidden: true,
                align: 'right',
                render: (group) => (
                  <Menu
                    label={`Action group ${group.name}`}
                    sections={[
                      {
                        items: [
                          { id: 'edit', label: 'Edit', icon: Pencil, onSelect: () => on.onEdit(group) },
                          {
                            id: 'test',
                            label: 'Send a test',
                            icon: Send,
                            onSelect: () => on.onTest(group),
                            disabledReason: writeProblem,
                          },
                          {
                            id: 'secret',
                            label: 'New signing secret',
                            icon: KeyRound,
                            onSelect: () => on.onSecret(group),
                            disabledReason: writeProblem,
                          },
                          {
                            id: 'delete',
                            label: 'Delete',
                            icon: Trash2,
                            tone: 'danger',
                            onSelect: () => on.onDelete(group),
                            disabledReason: writeProblem,
                          },
                        ],
                      },
                    ]}
                  >
                    {(trigger) => (
                      <IconButton icon={MoreHorizontal} label={`More for ${group.name}`} size={24} {...trigger} />
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
