import { useQuery } from '@tanstack/react-query';
import { parseAsString, useQueryStates } from 'nuqs';
import { useLocationOffer } from '@/components/servers/use-location-offer';
import type { BeginAction } from '@/components/servers/use-server-change';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { QueryRegion } from '@/components/ui/query-region';
import { Select } from '@/components/ui/select';
import { Skeleton } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import type { Server } from '@/lib/arm/mysql/server';
import { serverId, type ServerKey } from '@/lib/arm/resource-id';
import { useFlexdeckLocal } from '@/lib/queries/flexdeck-local';
import { usePermission } from '@/lib/queries/permissions';
import { upgradeChecksQuery, upgradesQuery } from '@/lib/queries/upgrades';
import { newerSeries, upgradeProblem } from '@/lib/rules/upgrades';
import { CheckUpgradePane, UpgradePane } from './upgrade-panes';
import { UpgradeResults } from './upgrade-results';
import { UpgradesTable } from './upgrades-table';

export interface UpgradeActions {
  checkUpgrade: BeginAction<[ServerKey, { version: string; rehearse: boolean }]>;
  upgrade: BeginAction<[ServerKey, version: string]>;
}

interface UpgradeCardProps {
  server: ServerKey;
  data: Server;
  actions: UpgradeActions;
  disabledReason: string | undefined;
}

const RUNNING_MS = 2_000;
const IDLE_MS = 30_000;

/** To a newer series of MySQL: which there are, what stands against it, and the upgrade itself. */
export function UpgradeCard({ server, data, actions, disabledReason }: UpgradeCardProps) {
  const { offer, query } = useLocationOffer(server.subscriptionId, data.location);
  const isLocal = useFlexdeckLocal(server.subscriptionId);
  const checks = useQuery({
    ...upgradeChecksQuery(server),
    enabled: isLocal,
    refetchInterval: ({ state }) => (state.data?.[0]?.properties.status === 'InProgress' ? RUNNING_MS : IDLE_MS),
  });
  const upgrades = useQuery({ ...upgradesQuery(server), enabled: isLocal, refetchInterval: IDLE_MS });
  const [{ pane, version }, setView] = useQueryStates(
    { pane: parseAsString, version: parseAsString },
    { history: 'push' },
  );
  const mayCheck = usePermission(serverId(server), 'Flexdeck.Local/checkUpgrade/action');
  const from = data.properties.version ?? '';
  const { fullVersion } = data.properties;
  const series = newerSeries(offer?.versions ?? [], from);
  const to = series.find((one) => one === version) ?? series[0];
  const hasReplicas = data.properties.replicationRole === 'Source';
  const impossible = to && upgradeProblem({ from, to, tier: data.sku?.tier ?? '', hasReplicas });
  const check = checks.data?.find(({ properties }) => properties.toVersion === to && properties.fromVersion === from);
  const isChecking = check?.properties.status === 'InProgress';
  const close = () => void setView({ pane: null });
  return (
    <Card
      title="Major version"
      aside={`now MySQL ${from}${typeof fullVersion === 'string' && fullVersion !== from ? ` (${fullVersion})` : ''}`}
      flush
    >
      <QueryRegion
        query={{ ...query, data: offer }}
        skeleton={
          <div className="p-4">
            <Skeleton height={56} />
          </div>
        }
      >
        {() =>
          to === undefined ? (
            <p className="max-w-prose px-4 py-3 text-text-2">
              No newer series of MySQL is offered here. When one is, the server can be checked against it and upgraded.
            </p>
          ) : (
            <div className="grid gap-3 px-4 py-3 [--field-space:0px] [&>*]:min-w-0">
              <p className="max-w-prose text-text-2">
                An upgrade makes a full backup, tries the newer MySQL on a copy of the data beside the server, and then
                changes the server. There is no way back to the older series but a restore to a moment before.
              </p>
              <div className="flex flex-wrap items-end gap-2">
                <div className="w-36">
                  <Select
                    label="Upgrade to"
                    layout="stack"
                    options={series.map((one) => ({ id: one, label: `MySQL ${one}` }))}
                    value={to}
                    onChange={(chosen) => void setView({ version: chosen })}
                  />
                </div>
                {isLocal && (
                  <Button
                    onClick={() => void setView({ pane: 'check-upgrade', version: to })}
                    disabledReason={
                      mayCheck ?? disabledReason ?? impossible ?? (isChecking && 'It is being checked now.')
                    }
                    pending={isChecking}
                  >
                    Check
                  </Button>
                )}
                <Button
                  onClick={() => void setView({ pane: 'upgrade', version: to })}
                  disabledReason={disabledReason ?? impossible}
                >
                  Upgrade
                </Button>
              </div>
              {impossible && <p className="max-w-prose text-warn">{impossible}</p>}
              {check && (
                <section aria-label={`Checks for MySQL ${to}`} aria-live="polite">
                  <h3 className="pb-1 font-semibold">
                    {isChecking ? 'Checking' : check.properties.status === 'Passed' ? 'It can be upgraded' : 'Not yet'}
                    <span className="pl-2 text-xs font-normal text-text-3">
                      checked <Time value={check.properties.startedAt} mode="relative" />
                    </span>
                  </h3>
                  <UpgradeResults check={check} />
                </section>
              )}
            </div>
          )
        }
      </QueryRegion>
      {upgrades.data && upgrades.data.length > 0 && <UpgradesTable rows={upgrades.data} />}
      {to && pane === 'check-upgrade' && isLocal && (
        <CheckUpgradePane
          server={server}
          to={to}
          run={actions.checkUpgrade}
          disabledReason={mayCheck ?? disabledReason ?? impossible}
          onClose={close}
        />
      )}
      {to && pane === 'upgrade' && (
        <UpgradePane
          server={server}
          data={data}
          to={to}
          check={check}
          run={actions.upgrade}
          disabledReason={disabledReason ?? impossible}
          onClose={close}
        />
      )}
    </Card>
  );
}
