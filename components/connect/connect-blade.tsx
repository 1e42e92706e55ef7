'use client';

import { useQuery } from '@tanstack/react-query';
import { parseAsString, useQueryState } from 'nuqs';
import { usePortalConfig } from '@/components/blade/portal-config';
import { ServerBlade } from '@/components/servers/server-blade';
import { useServerKey } from '@/components/servers/server-key';
import { useServer } from '@/components/servers/use-server';
import type { BeginAction } from '@/components/servers/use-server-change';
import { Card } from '@/components/ui/card';
import { QueryRegion } from '@/components/ui/query-region';
import { Select } from '@/components/ui/select';
import { SkeletonDefinitions, SkeletonRows } from '@/components/ui/skeleton';
import { EmptyState } from '@/components/ui/states';
import { TextField } from '@/components/ui/text-field';
import type { Server } from '@/lib/arm/mysql/server';
import type { ServerKey } from '@/lib/arm/resource-id';
import { databasesQuery } from '@/lib/queries/databases';
import type { NamedAddressRange } from '@/lib/rules/address-ranges';
import { isSystemDatabase } from '@/lib/rules/names';
import { actionProblem } from '@/lib/rules/server-actions';
import { DoctorCard } from './doctor-card';
import { EndpointCard } from './endpoint-card';
import { SamplesCard } from './samples-card';

export interface ConnectActions {
  putRule: BeginAction<[ServerKey, NamedAddressRange]>;
}

const MYSQL_PORT = 3306;
/** No database can be called this; in the address it is the empty name. */
const NONE = '/';

/** How to connect, in the words of every usual driver, and where it ends if it does not work. */
export function ConnectBlade({ actions }: { actions: ConnectActions }) {
  const key = useServerKey();
  const query = useServer(key);
  return (
    <ServerBlade title="Connect">
      <EndpointCard server={key} />
      <QueryRegion
        query={query}
        skeleton={
          <Card title="Connect from" flush>
            <SkeletonDefinitions rows={2} columns={1} />
            <SkeletonRows rows={6} columns={1} />
          </Card>
        }
      >
        {(server) => <ConnectForm server={key} data={server} actions={actions} />}
      </QueryRegion>
    </ServerBlade>
  );
}

function ConnectForm({ server, data, actions }: { server: ServerKey; data: Server; actions: ConnectActions }) {
  const { properties } = data;
  const { serverCertificateAuthority } = usePortalConfig();
  const canList = !actionProblem('databases', properties.state ?? '');
  const databases = useQuery({ ...databasesQuery(server), enabled: canList });
  const own = (databases.data ?? []).map(({ name }) => name).filter((name) => !isSystemDatabase(name));
  const [user, setUser] = useQueryState('user', parseAsString.withDefault(properties.administratorLogin ?? ''));
  const [chosen, setDatabase] = useQueryState('database', parseAsString);
  const database = chosen ?? own[0] ?? '';
  const host = properties.fullyQualifiedDomainName;
  if (!host) {
    return (
      <Card flush>
        <EmptyState title="No address yet">The server gets one while it is made; samples appear here then.</EmptyState>
      </Card>
    );
  }
  const names = own.includes(database) || database === '' ? own : [...own, database];
  return (
    <>
      <Card title="Connect as">
        <div className="-my-[7px] grid items-start gap-x-8 lg:grid-cols-2">
          <TextField
            label="User"
            layout="stack"
            mono
            value={user}
            onChange={(event) => void setUser(event.target.value)}
            description="The samples and the check below use it. The password stays a placeholder."
          />
          <Select
            label="Database"
            layout="stack"
            value={database || NONE}
            onChange={(name) => void setDatabase(name === NONE ? '' : name)}
            loading={canList && databases.isPending}
            options={[{ id: NONE, label: 'No database' }, ...names.map((name) => ({ id: name, label: name }))]}
            description={
              databases.error
                ? `The databases could not be listed: ${databases.error.message}`
                : own.length === 0 && canList && !databases.isPending
                  ? 'There is no database of your own yet.'
                  : undefined
            }
          />
        </div>
      </Card>
      <SamplesCard
        connection={{
          host,
          port: properties.databasePort ?? MYSQL_PORT,
          // The local cloud's endpoints are addresses; their certificates have this name beside them.
          certificateName: `${server.serverName}.mysql.localhost`,
          user: user || (properties.administratorLogin ?? ''),
          database,
          caFile: serverCertificateAuthority.fileName,
        }}
      />
      <DoctorCard server={server} user={user} database={database} putRule={actions.putRule} />
    </>
  );
}
