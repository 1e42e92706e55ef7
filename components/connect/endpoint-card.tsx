import { Download } from 'lucide-react';
import { usePortalConfig } from '@/components/blade/portal-config';
import { useServer } from '@/components/servers/use-server';
import { Card } from '@/components/ui/card';
import { DefinitionList } from '@/components/ui/definition-list';
import { Link } from '@/components/ui/link';
import { QueryRegion } from '@/components/ui/query-region';
import { SkeletonDefinitions } from '@/components/ui/skeleton';
import type { ServerKey } from '@/lib/arm/resource-id';

const MYSQL_PORT = 3306;

/** Where the server is, and the certificate that proves that it is the one. */
export function EndpointCard({ server }: { server: ServerKey }) {
  const query = useServer(server);
  const { serverCertificateAuthority: authority } = usePortalConfig();
  return (
    <Card title="Endpoint" flush>
      <QueryRegion query={query} skeleton={<SkeletonDefinitions rows={3} columns={2} />}>
        {({ properties: { fullyQualifiedDomainName: host, databasePort, administratorLogin } }) => (
          <DefinitionList
            columns={2}
            items={[
              { term: 'Host', value: host ?? 'given once the server is made', copy: host ?? undefined, mono: true },
              { term: 'Port', value: databasePort ?? MYSQL_PORT, copy: String(databasePort ?? MYSQL_PORT), mono: true },
              { term: 'Admin', value: administratorLogin ?? '–', copy: administratorLogin ?? undefined, mono: true },
              { term: 'TLS', value: '1.2 or later, required' },
              {
                term: 'CA certificate',
                value:
                  authority.kind === 'file' ? (
                    <Link href={authority.url} download={authority.fileName} prefetch={false}>
                      <Download size={14} aria-hidden className="mr-1 inline align-[-2px]" />
                      Download {authority.fileName}
                    </Link>
                  ) : (
                    <Link href={authority.url} external>
                      How to get it; save it as {authority.fileName}
                    </Link>
                  ),
              },
            ]}
          />
        )}
      </QueryRegion>
    </Card>
  );
}
