import { useChosenSubscriptions } from '@/components/blade/chosen-subscriptions';
import { Card } from '@/components/ui/card';
import { CopyButton } from '@/components/ui/copy-button';
import { DefinitionList } from '@/components/ui/definition-list';
import { formatTime } from '@/components/ui/format-time';
import { Link } from '@/components/ui/link';
import { Pill } from '@/components/ui/pill';
import { QueryRegion } from '@/components/ui/query-region';
import { SkeletonDefinitions } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import { money } from '@/components/servers/size/money';
import { useServer } from '@/components/servers/use-server';
import type { Server } from '@/lib/arm/mysql/server';
import type { ServerKey } from '@/lib/arm/resource-id';
import { paths } from '@/lib/paths';
import { highAvailabilityModeWords, highAvailabilityState } from '@/lib/rules/high-availability';
import { estimateOfServer } from '@/lib/rules/server-estimate';
import { findSku, TIER_TEXTS, type Tier } from '@/lib/rules/skus';

/** The facts that people come for, with a copy button where they are needed elsewhere. */
export function Essentials({ server }: { server: ServerKey }) {
  const query = useServer(server);
  const { all } = useChosenSubscriptions();
  const subscription = all?.find(({ subscriptionId }) => subscriptionId === server.subscriptionId)?.displayName;
  return (
    <Card
      title="Essentials"
      aside={query.data && <CopyButton text={JSON.stringify(query.data, null, 2)} label="Copy as JSON" />}
      flush
    >
      <QueryRegion query={query} skeleton={<SkeletonDefinitions rows={7} columns={2} />}>
        {(data) => <DefinitionList columns={2} items={essentialsOf(data, server, subscription)} />}
      </QueryRegion>
    </Card>
  );
}

function essentialsOf(server: Server, key: ServerKey, subscription: string | undefined) {
  const { properties } = server;
  const endpoint = [properties.fullyQualifiedDomainName, properties.databasePort].filter(Boolean).join(':');
  const zone = properties.availabilityZone ? ` · zone ${properties.availabilityZone}` : '';
  return [
    { term: 'Endpoint', value: endpoint || 'given once the server is made', copy: endpoint || undefined, mono: true },
    { term: 'Size', value: <Link href={paths.server(key, 'compute-storage')}>{sizeWords(server)}</Link> },
    {
      term: 'Resource group',
      value: <Link href={paths.servers({ group: key.resourceGroup })}>{key.resourceGroup}</Link>,
    },
    { term: 'Storage', value: storageWords(server) },
    { term: 'Location', value: `${server.location}${zone}` },
    { term: 'High availability', value: highAvailabilityValue(server, key) },
    { term: 'Backup', value: <Link href={paths.server(key, 'backup')}>{backupWords(server)}</Link> },
    { term: 'MySQL version', value: properties.fullVersion ?? properties.version ?? '–' },
    {
      term: 'Admin',
      value: properties.administratorLogin ?? '–',
      copy: properties.administratorLogin ?? undefined,
      mono: true,
    },
    { term: 'Subscription', value: subscription ?? key.subscriptionId, copy: key.subscriptionId, mono: !subscription },
    { term: 'Created', value: server.systemData?.createdAt ? <Time value={server.systemData.createdAt} /> : '–' },
    { term: 'Tags', value: <Link href={paths.server(key, 'tags')}>{tagWords(server)}</Link> },
    { term: 'Cost', value: costWords(server) },
  ];
}

function backupWords({ properties: { backup } }: Server): string {
  const earliest = backup?.earliestRestoreDate;
  const kept = `${backup?.backupRetentionDays ?? '–'} days of retention`;
  return earliest ? `${kept} · restorable from ${formatTime(new Date(earliest))}` : `${kept} · no backup yet`;
}

function sizeWords(server: Server): string {
  const tier = TIER_TEXTS[server.sku?.tier as Tier]?.label ?? server.sku?.tier;
  const sku = findSku(server.sku?.name ?? '');
  const detail = sku ? ` · ${sku.vCores} ${sku.vCores === 1 ? 'vCore' : 'vCores'}, ${sku.memoryGiB} GiB` : '';
  return `${tier} · ${server.sku?.name}${detail}`;
}

function storageWords({ properties: { storage } }: Server): string {
  if (!storage?.storageSizeGB) return '–';
  const iops =
    storage.autoIoScaling === 'Enabled' ? 'IOPS scale by themselves' : `${storage.iops?.toLocaleString('en-US')} IOPS`;
  const grows = storage.autoGrow === 'Enabled' ? 'grows by itself' : 'does not grow';
  return [`${storage.storageSizeGB.toLocaleString('en-US')} GiB`, iops, grows].join(' · ');
}

function highAvailabilityValue({ properties: { highAvailability } }: Server, key: ServerKey) {
  const { mode, state, standbyAvailabilityZone: zone } = highAvailability ?? {};
  if (!mode || mode === 'Disabled') return <Link href={paths.server(key, 'high-availability')}>Off</Link>;
  const { standby, passing } = highAvailabilityState(state ?? '');
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2 gap-y-1">
      <Link href={paths.server(key, 'high-availability')}>{highAvailabilityModeWords(mode)}</Link>
      {zone && `standby in zone ${zone}`}
      <Pill tone={state === 'Healthy' ? 'ok' : passing ? 'accent' : 'warn'} busy={passing}>
        {standby}
      </Pill>
    </span>
  );
}

function tagWords(server: Server): string {
  const tags = Object.entries(server.tags ?? {});
  return tags.length === 0 ? 'none' : tags.map(([name, value]) => (value ? `${name}: ${value}` : name)).join(', ');
}

function costWords(server: Server): string {
  const estimate = estimateOfServer(server);
  if (!estimate) return '–';
  const words = `≈ ${money.format(estimate.total)} a month by list price`;
  return server.properties.state === 'Stopped' ? `${words}, while it is stopped` : words;
}
