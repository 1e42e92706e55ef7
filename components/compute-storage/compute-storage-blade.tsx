'use client';

import { useMemo, useState, type ReactNode } from 'react';
import { BladeFooter } from '@/components/blade/blade-footer';
import { useUnsavedEdits } from '@/components/blade/unsaved-edits';
import { ChangePane } from '@/components/servers/change-pane';
import { ServerBlade } from '@/components/servers/server-blade';
import { useServerKey } from '@/components/servers/server-key';
import { ComputeFields, StorageFields, type SizeFaults } from '@/components/servers/size/size-fields';
import { useLocationOffer } from '@/components/servers/use-location-offer';
import { useBackupGiB } from '@/components/servers/use-backup-gib';
import { useServer } from '@/components/servers/use-server';
import { useServerChange, type BeginAction } from '@/components/servers/use-server-change';
import { Card } from '@/components/ui/card';
import { Notice } from '@/components/ui/notice';
import { QueryRegion } from '@/components/ui/query-region';
import { SkeletonRows } from '@/components/ui/skeleton';
import { SliderField } from '@/components/ui/slider-field';
import type { Server } from '@/lib/arm/mysql/server';
import { serverId, type ServerKey } from '@/lib/arm/resource-id';
import { useFlexdeckLocal } from '@/lib/queries/flexdeck-local';
import { usePermission } from '@/lib/queries/permissions';
import { cpuCreditsOf } from '@/lib/rules/cpu-credits';
import { findEdition, type Edition, type LocationOffer, type OfferedSize } from '@/lib/rules/location-offer';
import { actionProblem } from '@/lib/rules/server-actions';
import {
  describeSize,
  irreversibleOfSize,
  serverSizeFaults,
  sizeOfServer,
  sizePatch,
  type ServerSize,
} from '@/lib/rules/server-size';
import { valuesForSize } from '@/lib/rules/workload-presets';
import { DEFAULT_SKU, findSku } from '@/lib/rules/skus';
import { CreditsCard } from './credits-card';
import { MachineCard } from './machine-card';
import { SchedulesCard, type ScheduleActions } from './schedules-card';
import { SizeSummary } from './size-summary';

export interface ComputeStorageActions extends ScheduleActions {
  resize: BeginAction<[ServerKey, NonNullable<ReturnType<typeof sizePatch>>]>;
}

/** How large a server is: tier, size, storage, IOPS, retention; changed after a review with what it costs. */
export function ComputeStorageBlade({ actions }: { actions: ComputeStorageActions }) {
  const key = useServerKey();
  const query = useServer(key);
  const server = query.data;
  const { offer, query: offerQuery } = useLocationOffer(key.subscriptionId, server?.location ?? '');
  const hasSchedules = useFlexdeckLocal(key.subscriptionId);
  const change = useServerChange(key, actions.resize);
  /** What was chosen here; everything else stays as the server has it, also when that changes meanwhile. */
  const [chosen, setChosen] = useUnsavedEdits<Partial<ServerSize>>({});
  const [isReviewed, setReviewed] = useState(false);
  const mayWrite = usePermission(serverId(key), 'Microsoft.DBforMySQL/flexibleServers/write');
  const now = useMemo(() => server && sizeOfServer(server), [server]);
  const size = now && { ...now, ...chosen };
  const faults = server && size ? serverSizeFaults(server, size, offer) : [];
  const backupGiB = useBackupGiB(key);
  const described = server && size ? describeSize(key, server, size, backupGiB) : undefined;
  const problem =
    mayWrite ?? (server ? actionProblem('update', server.properties.state ?? '') : 'The server is being loaded.');
  const discard = () => setChosen({});
  const close = () => {
    setReviewed(false);
    change.reset();
  };

  const apply = async () => {
    const patch = server && size && sizePatch(server, size);
    if (!patch) return;
    if (await change.submit(`Changing compute and storage of ${key.serverName}`, key, patch)) {
      setReviewed(false);
      discard();
    }
  };

  return (
    <ServerBlade
      title="Compute + storage"
      footer={
        <BladeFooter
          onApply={() => setReviewed(true)}
          applyDisabledReason={problem ?? faults[0]?.message ?? (!described && 'Nothing is changed yet.')}
          unsaved={described !== undefined}
          onDiscard={discard}
          discardDisabledReason={!described && faults.length === 0 && 'Nothing is changed yet.'}
          aside={
            described &&
            `${described.changes.length} ${described.changes.length === 1 ? 'change' : 'changes'} not applied yet`
          }
        />
      }
    >
      <QueryRegion
        query={query}
        skeleton={
          <Card title="Compute" flush>
            <SkeletonRows rows={8} columns={5} />
          </Card>
        }
      >
        {(data) => (
          <QueryRegion
            query={{ ...offerQuery, data: offer }}
            skeleton={
              <Card title="Compute" flush>
                <SkeletonRows rows={8} columns={5} />
              </Card>
            }
          >
            {(known) => (
              <Form
                server={data}
                offer={known}
                size={{ ...sizeOfServer(data), ...chosen }}
                faults={Object.fromEntries(faults.map(({ field, message }) => [field, message]))}
                onChange={(values) => setChosen({ ...chosen, ...values })}
                backupGiB={backupGiB}
                credits={<Credits server={key} data={data} />}
                schedules={
                  hasSchedules && (
                    <>
                      <SchedulesCard server={key} data={data} actions={actions} />
                      <MachineCard server={key} />
                    </>
                  )
                }
              />
            )}
          </QueryRegion>
        )}
      </QueryRegion>
      <ChangePane
        isOpen={isReviewed && described !== undefined}
        onClose={close}
        title="Change compute + storage"
        subtitle={key.serverName}
        change={described}
        applyLabel={described?.restarts ? 'Apply and restart' : 'Apply'}
        applyDisabledReason={problem}
        pending={change.pending}
        error={change.error}
        onApply={() => void apply()}
      >
        {now &&
          size &&
          irreversibleOfSize(now, size).map((words) => (
            <Notice key={words} tone="warn" title="There is no way back.">
              {words}
            </Notice>
          ))}
      </ChangePane>
    </ServerBlade>
  );
}

interface FormProps {
  server: Server;
  offer: LocationOffer;
  size: ServerSize;
  faults: SizeFaults;
  onChange: (values: Partial<ServerSize>) => void;
  backupGiB: number | undefined;
  credits: ReactNode;
  /** Where the cloud has them. */
  schedules: ReactNode;
}

function Credits({ server, data }: { server: ServerKey; data: Server }) {
  const sku = findSku(data.sku?.name ?? '');
  const credits = sku && cpuCreditsOf(sku);
  return credits && <CreditsCard server={server} credits={credits} />;
}

function Form({ server, offer, size, faults, onChange, backupGiB, credits, schedules }: FormProps) {
  const now = sizeOfServer(server);
  const edition = findEdition(offer, size.tier) ?? offer.editions[0];
  const standby = (server.properties.highAvailability?.mode ?? 'Disabled') !== 'Disabled';
  const toSize = (wanted: Edition, { sku, ...offered }: OfferedSize) => {
    const form = { ...size, ...NO_ZONES };
    const { storageGiB, iops, backupRetentionDays } = valuesForSize(form, wanted, { sku, ...offered });
    onChange({ tier: wanted.tier, skuName: sku.name, storageGiB, iops, backupRetentionDays });
  };
  const toTier = (wanted: Edition) => {
    const usual = wanted.tier === now.tier ? now.skuName : DEFAULT_SKU[wanted.tier];
    toSize(wanted, wanted.sizes.find(({ sku }) => sku.name === usual) ?? wanted.sizes[0]!);
  };
  return (
    <div className="grid items-start gap-[18px] xl:grid-cols-[minmax(0,1fr)_320px] [&>*]:min-w-0">
      <div className="grid gap-[18px] [&>*]:min-w-0">
        <Card title="Compute" aside={standby ? 'a change rolls: the standby first' : 'a change restarts the server'}>
          <ComputeFields
            offer={offer}
            value={size}
            faults={faults}
            present={now.skuName}
            onTier={toTier}
            onSize={toSize}
            tierDisabledReason={({ tier }) =>
              standby && tier === 'Burstable'
                ? 'High availability is not available for Burstable servers. Disable it first.'
                : undefined
            }
          />
        </Card>
        {credits}
        <Card title="Storage" aside="changed while the server runs">
          <StorageFields
            offer={offer}
            value={size}
            faults={faults}
            onChange={onChange}
            presentGiB={now.storageGiB}
            autogrowDisabledReason={
              standby && size.storageAutogrow
                ? 'High availability needs storage that grows by itself. Disable high availability first.'
                : undefined
            }
          />
        </Card>
        <Card title="Backup" aside="changed while the server runs">
          {edition && (
            <SliderField
              label="Backup retention"
              unit="days"
              min={edition.backupRetentionDays.min}
              max={edition.backupRetentionDays.max}
              value={size.backupRetentionDays}
              onChange={(backupRetentionDays) => onChange({ backupRetentionDays })}
              error={faults.backupRetentionDays}
              description="How long backups are kept."
            />
          )}
        </Card>
        {schedules}
      </div>
      <div className="xl:sticky xl:top-[60px]">
        <SizeSummary
          server={server}
          now={now}
          size={size}
          isValid={Object.keys(faults).length === 0}
          backupGiB={backupGiB}
        />
      </div>
    </div>
  );
}

const NO_ZONES = { highAvailability: 'Disabled', standbyAvailabilityZone: '', availabilityZone: '' } as const;
