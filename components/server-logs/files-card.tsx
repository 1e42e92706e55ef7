import { useQuery } from '@tanstack/react-query';
import { Download, FileText } from 'lucide-react';
import { useState } from 'react';
import { Breakable } from '@/components/ui/breakable';
import { Card } from '@/components/ui/card';
import { IconButton } from '@/components/ui/icon-button';
import { QueryRegion } from '@/components/ui/query-region';
import { SimpleTable } from '@/components/ui/simple-table';
import { SkeletonRows } from '@/components/ui/skeleton';
import { EmptyState } from '@/components/ui/states';
import { Time } from '@/components/ui/time';
import { notify } from '@/components/ui/toast';
import type { LogFile } from '@/lib/arm/mysql/log-file';
import type { ServerKey } from '@/lib/arm/resource-id';
import { fetchLogFile, logFilesQuery } from '@/lib/queries/server-logs';
import { formatBytes } from '@/lib/rules/bytes';

const KINDS: Record<string, string> = { slowlog: 'Slow queries', errorlog: 'Errors', connectionlog: 'Connections' };

/** The log files, the newest first. */
export function FilesCard({ server }: { server: ServerKey }) {
  const query = useQuery({ ...logFilesQuery(server), refetchInterval: 60_000 });
  const [fetching, setFetching] = useState<string>();

  const download = async ({ name }: LogFile) => {
    setFetching(name);
    try {
      saveAs(name, await fetchLogFile(server, name));
    } catch (failure) {
      notify('bad', `${name} was not downloaded`, { description: (failure as Error).message });
    } finally {
      setFetching(undefined);
    }
  };
  return (
    <Card title="Files" aside="kept for 7 days, up to 7 GB" flush>
      <QueryRegion
        query={query}
        skeleton={<SkeletonRows rows={3} columns={4} />}
        isEmpty={(files) => files.length === 0}
        empty={
          <EmptyState icon={FileText} title="There is no log file">
            Files appear here when something is logged: switch on slow queries or the error log.
          </EmptyState>
        }
      >
        {(files) => (
          <SimpleTable
            caption="Log files"
            rows={files}
            rowId={({ name }) => name}
            columns={[
              {
                id: 'name',
                header: 'Name',
                render: ({ name, properties }) => (
                  <>
                    <span className="font-mono text-sm [overflow-wrap:anywhere]">
                      <Breakable text={name} />
                    </span>
                    <span className="block text-xs text-text-3">
                      {KINDS[properties.type] ?? properties.type}
                      {properties.writer && `, ${writerWords(properties.writer)}`}
                      <span className="sm:hidden">
                        , {formatBytes(properties.sizeInKB * 1024)}
                        {properties.lastModifiedTime && (
                          <>
                            , <Time value={properties.lastModifiedTime} mode="relative" />
                          </>
                        )}
                      </span>
                    </span>
                  </>
                ),
              },
              {
                id: 'size',
                header: 'Size',
                hiddenOnPhones: true,
                align: 'right',
                render: ({ properties }) => (
                  <span className="whitespace-nowrap">{formatBytes(properties.sizeInKB * 1024)}</span>
                ),
              },
              {
                id: 'written',
                header: 'Last written',
                hiddenOnPhones: true,
                render: ({ properties }) =>
                  properties.lastModifiedTime ? <Time value={properties.lastModifiedTime} mode="relative" /> : '–',
              },
              {
                id: 'download',
                header: 'Download',
                headerHidden: true,
                align: 'right',
                render: (file) => (
                  <IconButton
                    icon={Download}
                    label={`Download ${file.name}`}
                    size={24}
                    pending={fetching === file.name}
                    onClick={() => void download(file)}
                  />
                ),
              },
            ]}
          />
        )}
      </QueryRegion>
    </Card>
  );
}

/** Whose file it is. */
function writerWords({ zone, role }: NonNullable<LogFile['properties']['writer']>): string {
  return role ? `${role} in zone ${zone}` : `zone ${zone}`;
}

function saveAs(name: string, file: Blob): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken it by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
