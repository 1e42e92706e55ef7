import { useOperations } from '@/components/blade/operations';
import { Card } from '@/components/ui/card';
import { formatDuration } from '@/components/ui/format-time';
import { Link } from '@/components/ui/link';
import { Progress } from '@/components/ui/progress';
import { useNow } from '@/components/ui/time';

/** What the bell follows and has not ended yet. */
export function OperationsCard() {
  const running = useOperations().operations.filter(({ status }) => status === 'Running');
  const now = useNow(running.length > 0);
  return (
    <Card title="Operations running" aside={running.length > 0 && running.length} flush>
      {running.length === 0 ? (
        <p className="px-4 py-3 text-text-3">Nothing runs. What you start shows its progress here and in the bell.</p>
      ) : (
        <ul>
          {running.map(({ operationUrl, title, href, stage, percentComplete, startedAt }) => (
            <li key={operationUrl} className="border-b border-line px-4 py-2 last:border-0">
              <p className="flex gap-3">
                <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
                  {href ? <Link href={href}>{title}</Link> : title}
                </span>
                <span className="text-xs text-text-3">
                  {formatDuration(Math.max(0, now.getTime() - Date.parse(startedAt)))}
                </span>
              </p>
              <p className="text-xs text-text-3">{stage ?? 'Running'}</p>
              <Progress label={title} percent={percentComplete} className="mt-1.5" />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
