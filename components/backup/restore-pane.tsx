import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useNameAvailability } from '@/components/servers/create/use-name-availability';
import { ChangePane } from '@/components/servers/change-pane';
import { useLocationOffer } from '@/components/servers/use-location-offer';
import { useServerChange } from '@/components/servers/use-server-change';
import { Combobox } from '@/components/ui/combobox';
import { DefinitionList } from '@/components/ui/definition-list';
import { NumberField } from '@/components/ui/number-field';
import { Select } from '@/components/ui/select';
import { Spinner } from '@/components/ui/spinner';
import { TextField } from '@/components/ui/text-field';
import { freeName, serverNameProblem } from '@/lib/rules/names';
import { restoreEstimateQuery } from '@/lib/queries/backups';
import { serversQuery } from '@/lib/queries/servers';
import { describeRestore, type RestoreChoice } from '@/lib/rules/backup-changes';
import { formatBytes } from '@/lib/rules/bytes';
import { highAvailabilityModeWords } from '@/lib/rules/high-availability';
import { findOfferedSize } from '@/lib/rules/location-offer';
import { momentInUtc, momentInZone } from '@/lib/rules/moments';
import { estimateServer } from '@/lib/rules/prices';
import { findRegion } from '@/lib/rules/regions';
import { findSku, TIER_TEXTS, type Tier } from '@/lib/rules/skus';
import { includedIops } from '@/lib/rules/storage';
import type { RestoreAction } from './backup-actions';
import { seconds } from './backup-words';

const ANY = 'any';

/** The server whose backups are restored; it may be deleted. */
export interface RestoreSource {
  id: string;
  subscriptionId: string;
  resourceGroup: string;
  name: string;
  location: string;
  sku: { name: string; tier: string };
  storageSizeGB: number;
  backupRetentionDays: number;
  /** It has second copies of its backups in the paired region. */
  geoRedundant: boolean;
  /** The cloud says beforehand how long it takes; of deleted servers none does. */
  estimates: boolean;
}

interface RestorePaneProps {
  source: RestoreSource;
  /** Undefined: the newest. */
  moment: string | undefined;
  run: RestoreAction;
  /** Why nothing can be restored now. */
  problem: string | undefined;
  onClose: () => void;
}

/** A new server from the backups of another: its name, size and place; the rest is as the source has it. */
export function RestorePane({ source, moment, run, problem, onClose }: RestorePaneProps) {
  const { subscriptionId, resourceGroup } = source;
  const [typed, setName] = useState<string>();
  const servers = useQuery(serversQuery(subscriptionId));
  const name = typed ?? freeName(`${source.name}-restored`, servers.data?.map((server) => server.name) ?? []);
  const here = source.location.replaceAll(' ', '').toLowerCase();
  const pair = source.geoRedundant ? pairedRegion(here) : undefined;
  const [location, setLocation] = useState(here);
  const geo = location !== here;
  const [skuName, setSkuName] = useState(source.sku.name);
  const [storageSizeGB, setStorage] = useState(source.storageSizeGB);
  const [zone, setZone] = useState(ANY);
  const [highAvailability, setHighAvailability] = useState<RestoreChoice['highAvailability']>('Disabled');
  const key = { subscriptionId, resourceGroup, serverName: name };
  const change = useServerChange(key, run);
  const { offer, query } = useLocationOffer(subscriptionId, location);
  const check = useNameAvailability(subscriptionId, name);
  const size = offer && findOfferedSize(offer, skuName);
  const sku = size?.sku ?? findSku(skuName);
  const tier = sku?.tier ?? (source.sku.tier as Tier);
  const edition = offer?.editions.find((one) => one.tier === tier);
  const faults = {
    name: serverNameProblem(name) ?? (check.state === 'taken' ? check.message : undefined),
    storage: storageProblem(storageSizeGB, source.storageSizeGB, edition?.storage.maxGiB),
    highAvailability:
      highAvailability !== 'Disabled' && size && !size.highAvailabilityModes.includes(highAvailability)
        ? 'Not offered for this size.'
        : undefined,
  };
  const choice: RestoreChoice = {
    name,
    sourceId: source.id,
    moment,
    location: geo ? location : source.location,
    geo,
    sku: { name: skuName, tier },
    storageSizeGB,
    availabilityZone: zone === ANY ? undefined : zone,
    highAvailability,
  };
  const wrong = faults.name ?? faults.storage ?? faults.highAvailability;
  const cost =
    sku && !faults.storage
      ? estimateServer({
          sku,
          storageGiB: storageSizeGB,
          iops: null,
          includedIops: includedIops(storageSizeGB, sku),
          standby: highAvailability !== 'Disabled',
          backupRetentionDays: source.backupRetentionDays,
        }).total
      : undefined;
  const sourceKey = { subscriptionId, resourceGroup: source.resourceGroup, serverName: source.name };
  const estimate = useQuery({
    ...restoreEstimateQuery(sourceKey, moment),
    enabled: source.estimates,
    retry: false,
  });
  const close = () => {
    change.reset();
    onClose();
  };
  const apply = async () => {
    if (await change.submit(`Restoring ${source.name} to ${name}`, key, choice)) close();
  };
  return (
    <ChangePane
      isOpen
      onClose={close}
      title="Restore to a new server"
      subtitle={`from the backups of ${source.name}`}
      change={
        wrong
          ? undefined
          : describeRestore(
              key,
              choice,
              {
                name: source.name,
                location: source.location,
                sku: source.sku.name,
                storageSizeGB: source.storageSizeGB,
              },
              cost,
            )
      }
      applyLabel="Restore"
      applyDisabledReason={problem ?? wrong ?? (check.state === 'checking' && 'The name is being checked.')}
      onApply={() => void apply()}
      pending={change.pending}
      error={change.error}
    >
      <div className="-mx-4">
        <DefinitionList
          columns={1}
          items={[
            {
              term: 'Moment',
              value: geo ? (
                'the newest that was copied there'
              ) : moment ? (
                <span className="font-mono text-sm">
                  {momentInZone(moment)} <span className="text-text-3">({momentInUtc(moment)})</span>
                </span>
              ) : (
                'the newest, when the restore begins'
              ),
            },
            ...(estimate.data && !geo
              ? [
                  {
                    term: 'Takes about',
                    value: `${seconds(estimate.data.estimatedSeconds)}: ${formatBytes(estimate.data.bytesToUnpack)} of files, ${estimate.data.transactionsToReplay.toLocaleString('en-US')} transactions`,
                  },
                ]
              : []),
            { term: 'Resource group', value: resourceGroup },
            ...(pair ? [] : [{ term: 'Region', value: source.location }]),
          ]}
        />
      </div>
      <p>
        {source.name} is not touched. The new server has its accounts and their passwords, and what is not chosen here
        is as {source.name} has it; clients come in by the new server’s own address.
      </p>
      <TextField
        label="Server name"
        layout="stack"
        required
        value={name}
        onChange={(event) => setName(event.target.value.trim())}
        error={faults.name}
        success={check.state === 'available' ? 'The name is available.' : undefined}
        description={check.state === 'failed' ? check.message : 'Lower-case letters, digits and hyphens, 3 to 63.'}
        suffix={check.state === 'checking' ? <Spinner /> : undefined}
      />
      {pair && (
        <Select
          label="Region"
          layout="stack"
          value={location}
          onChange={(id) => {
            setLocation(id);
            setZone(ANY);
            setHighAvailability('Disabled');
          }}
          options={[
            { id: here, label: source.location },
            {
              id: pair.name,
              label: pair.displayName,
              description: 'The paired region, from the second copies: also when the first ones are lost.',
            },
          ]}
        />
      )}
      <Combobox
        label="Size"
        layout="stack"
        loading={query.isPending}
        value={skuName}
        onChange={(id) => {
          setSkuName(id);
          setHighAvailability('Disabled');
        }}
        options={(offer?.editions ?? []).flatMap((one) =>
          one.sizes.map(({ sku: each }) => ({
            id: each.name,
            label: each.name,
            description: `${each.vCores} ${each.vCores === 1 ? 'vCore' : 'vCores'}, ${each.memoryGiB} GiB`,
            group: TIER_TEXTS[one.tier].label,
          })),
        )}
      />
      <NumberField
        label="Storage"
        layout="stack"
        unit="GiB"
        min={source.storageSizeGB}
        max={edition?.storage.maxGiB}
        value={storageSizeGB}
        onChange={setStorage}
        error={faults.storage}
        description={`At least the ${source.storageSizeGB} GiB of ${source.name}.`}
      />
      <Select
        label="Availability zone"
        layout="stack"
        loading={query.isPending}
        value={zone}
        onChange={setZone}
        options={[
          { id: ANY, label: 'No preference' },
          ...(size?.zones ?? []).map((one) => ({ id: one, label: `Zone ${one}` })),
        ]}
      />
      <Select
        label="High availability"
        layout="stack"
        loading={query.isPending}
        value={highAvailability}
        error={faults.highAvailability}
        onChange={(id) => setHighAvailability(id as RestoreChoice['highAvailability'])}
        options={(['Disabled', 'SameZone', 'ZoneRedundant'] as const).map((mode) => ({
          id: mode,
          label: highAvailabilityModeWords(mode),
          disabledReason:
            mode !== 'Disabled' && !size?.highAvailabilityModes.includes(mode)
              ? 'Not offered for this size.'
              : undefined,
        }))}
      />
    </ChangePane>
  );
}

function pairedRegion(location: string) {
  const region = findRegion(location);
  return region && findRegion(region.paired);
}

function storageProblem(wanted: number, least: number, most: number | undefined): string | undefined {
  if (!Number.isInteger(wanted)) return 'Give a whole number of GiB.';
  if (wanted < least) return `The new server needs at least the ${least} GiB of the one that is restored.`;
  return most !== undefined && wanted > most ? `This tier has at most ${most.toLocaleString('en-US')} GiB.` : undefined;
}
