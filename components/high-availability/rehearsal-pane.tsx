import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Download, Trash2 } from 'lucide-react';
import { download } from '@/components/ui/download';
import { Button } from '@/components/ui/button';
import { SidePane } from '@/components/ui/dialog';
import { Notice } from '@/components/ui/notice';
import { Select } from '@/components/ui/select';
import { formatTime } from '@/components/ui/format-time';
import type { ServerKey } from '@/lib/arm/resource-id';
import { apiPaths } from '@/lib/paths';
import { useArmAction } from '@/lib/queries/action';
import { keyOf } from '@/lib/queries/client';
import { failoverRehearsalQuery, failoverRehearsalsQuery } from '@/lib/queries/failover-rehearsals';
import { rehearsalCsv, rehearsalLabel } from '@/lib/rules/failover-rehearsals';
import type { HighAvailabilityActions } from './high-availability-actions';
import { RehearsalReport } from './rehearsal-report';

const NONE = 'none';

interface RehearsalPaneProps {
  server: ServerKey;
  name: string;
  other: string | null;
  onCompare: (name: string | null) => void;
  onClose: () => void;
  remove: HighAvailabilityActions['deleteRehearsal'];
  /** Why it can't be deleted. */
  removeProblem: string | undefined;
}

/** A report: read, held against another, downloaded, deleted. There as long as it is open. */
export function RehearsalPane(props: RehearsalPaneProps) {
  const { server, name, other, onCompare, onClose, remove, removeProblem } = props;
  const client = useQueryClient();
  const deletion = useArmAction(remove);
  const list = useQuery(failoverRehearsalsQuery(server));
  const one = useQuery(failoverRehearsalQuery(server, name)).data;
  const others = (list.data ?? []).filter((rehearsal) => rehearsal.name !== name && rehearsal.properties.report);
  const notYet = one?.properties.report ? undefined : 'There is no report to download.';
  const save = (type: 'json' | 'csv') => {
    if (!one) return;
    if (type === 'csv') download(`${one.name}.csv`, 'text/csv', rehearsalCsv(one));
    else download(`${one.name}.json`, 'application/json', `${JSON.stringify(one, null, 2)}\n`);
  };
  const close = () => {
    deletion.reset();
    onClose();
  };
  const removeIt = async () => {
    if (!(await deletion.run(server, name)).ok) return;
    close();
    await client.invalidateQueries({ queryKey: keyOf(apiPaths.failoverRehearsals(server)), exact: true });
  };
  return (
    <SidePane
      isOpen
      onClose={close}
      title={one ? `Rehearsal: ${rehearsalLabel(one.properties.kind).toLowerCase()}` : 'Rehearsal'}
      subtitle={one ? formatTime(new Date(one.properties.startTime)) : undefined}
      width="wide"
      footer={
        <>
          <Button icon={Download} onClick={() => save('json')} disabledReason={notYet}>
            JSON
          </Button>
          <Button icon={Download} onClick={() => save('csv')} disabledReason={notYet}>
            CSV
          </Button>
          <Button
            icon={Trash2}
            onClick={() => void removeIt()}
            pending={deletion.pending}
            disabledReason={removeProblem ?? (one?.properties.state === 'Running' && 'It is running.')}
          >
            Delete
          </Button>
        </>
      }
    >
      <div className="grid gap-4 [&>*]:min-w-0">
        {deletion.error && (
          <Notice tone="bad" title={deletion.error.code} live>
            {deletion.error.message}
          </Notice>
        )}
        {others.length > 0 && (
          <Select
            label="Compare with"
            layout="stack"
            options={[
              { id: NONE, label: 'nothing' },
              ...others.map((rehearsal) => ({
                id: rehearsal.name,
                label: rehearsalLabel(rehearsal.properties.kind),
                aside: formatTime(new Date(rehearsal.properties.startTime)),
              })),
            ]}
            value={other ?? NONE}
            onChange={(id) => onCompare(id === NONE ? null : id)}
          />
        )}
        <RehearsalReport server={server} name={name} other={other ?? undefined} />
      </div>
    </SidePane>
  );
}
