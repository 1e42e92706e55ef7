import { useQuery } from '@tanstack/react-query';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { formatDuration } from '@/components/ui/format-time';
import { Link } from '@/components/ui/link';
import { Notice } from '@/components/ui/notice';
import { Progress } from '@/components/ui/progress';
import { serverKeyOf, type ServerKey } from '@/lib/arm/resource-id';
import { paths } from '@/lib/paths';
import { restoreProgressQuery } from '@/lib/queries/backups';
import { formatBytes } from '@/lib/rules/bytes';
import { momentInZone } from '@/lib/rules/moments';
import { seconds } from './backup-words';

const WHILE_RUNNING = 1000;

interface RestoreCardProps {
  server: ServerKey;
  onCancel: () => void;
  /** Why it can't be cancelled. */
  cancelProblem: string | undefined;
}

/** How a server came from the backups of another: how far it is, or when and how long it took. Nothing for all others. */
export function RestoreCard({ server, onCancel, cancelProblem }: RestoreCardProps) {
  const query = useQuery({
    ...restoreProgressQuery(server),
    retry: false,
    refetchInterval: ({ state }) => (state.data?.properties.status === 'InProgress' ? WHILE_RUNNING : false),
  });
  const restore = query.data?.properties;
  if (!restore) return null;
  const source = serverKeyOf(restore.sourceServerResourceId);
  const { status, stage, bytesDone, bytesTotal, transactionsDone, transactionsTotal, estimatedSecondsLeft } = restore;
  const running = status === 'InProgress';
  const replaying = transactionsTotal > 0 && bytesDone >= bytesTotal;
  const [done, total] = replaying ? [transactionsDone, transactionsTotal] : [bytesDone, bytesTotal];
  const counted = replaying
    ? `${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')} transactions`
    : `${formatBytes(done)} of ${formatBytes(total)}`;
  return (
    <Card
      title={running ? 'Being restored from backups' : 'Restored from backups'}
      aside={source && <Link href={paths.server(source)}>{source.serverName}</Link>}
    >
      {running ? (
        <div className="grid gap-3">
          <Progress label={stage} percent={total > 0 ? (100 * done) / total : undefined} />
          <p className="text-text-2">
            {stage}
            {total > 0 && `: ${counted}`}
            {estimatedSecondsLeft !== null && `, about ${seconds(estimatedSecondsLeft)} left`}
          </p>
          <div>
            <Button onClick={onCancel} disabledReason={cancelProblem}>
              Cancel the restore…
            </Button>
          </div>
        </div>
      ) : (
        <p>
          {status === 'Succeeded' ? 'As it was' : `${status}: as it was to be`} at{' '}
          <span className="font-mono text-sm">
            {restore.restorePointInTime ? momentInZone(restore.restorePointInTime) : 'its newest moment'}
          </span>
          {restore.endedAt &&
            `, in ${formatDuration(Math.max(1000, Date.parse(restore.endedAt) - Date.parse(restore.startedAt)))}`}
          .
        </p>
      )}
      {restore.note && <Notice tone="warn">{restore.note}</Notice>}
    </Card>
  );
}
