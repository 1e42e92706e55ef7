import { Card } from '@/components/ui/card';
import { money } from '@/components/servers/size/money';
import type { Server } from '@/lib/arm/mysql/server';
import {
  estimatesOfSize,
  interruptsOfSize,
  iopsOfSize,
  irreversibleOfSize,
  sizePatch,
  type ServerSize,
} from '@/lib/rules/server-size';
import { backupOverageGiB } from '@/lib/rules/prices';
import { findSku } from '@/lib/rules/skus';

const number = new Intl.NumberFormat('en-US');

/** What the server has and would have, what it costs, and whether the change interrupts it. */
export function SizeSummary({
  server,
  now,
  size,
  isValid,
  backupGiB,
}: {
  server: Server;
  now: ServerSize;
  size: ServerSize;
  /** Otherwise nobody can have it, and it has no price. */
  isValid: boolean;
  /** What its backups take; undefined where that is not known. */
  backupGiB: number | undefined;
}) {
  if (!isValid) {
    return (
      <Card title="Estimate" aside="list price">
        <p className="text-text-3">Correct what is marked to see what it costs.</p>
      </Card>
    );
  }
  const [before, after] = [now, size].map((one) => factsOf(one, backupGiB)) as [Facts, Facts];
  const cost = estimatesOfSize(server, size, backupGiB);
  const changed = sizePatch(server, size) !== undefined;
  const restarts = interruptsOfSize(server, size);
  return (
    <Card title="Estimate" aside="list price" flush>
      {cost && (
        <dl className="grid border-b border-line px-4 py-1" aria-live="polite">
          {cost.to.lines.map(({ label, amount }) => {
            const words = amount === null ? 'included' : money.format(amount);
            return <Line key={label} term={label} from={words} to={words} />;
          })}
          <Line term="A month" from={money.format(cost.from.total)} to={money.format(cost.to.total)} strong />
        </dl>
      )}
      <dl className="grid px-4 py-1 text-text-2" aria-live="polite">
        {Object.keys(before).map((term) => (
          <Line key={term} term={term} from={before[term]!} to={after[term]!} />
        ))}
      </dl>
      <p className="border-t border-line px-4 py-2.5 text-text-3">
        {!changed
          ? 'Choose another size or more storage to see what it costs and whether it interrupts.'
          : (restarts ?? 'This is changed while the server runs: no session ends.')}
      </p>
      {irreversibleOfSize(now, size).map((words) => (
        <p key={words} className="border-t border-line px-4 py-2.5 text-warn">
          {words}
        </p>
      ))}
      {cost && server.properties.state === 'Stopped' && (
        <p className="border-t border-line px-4 py-2.5 text-text-3">
          The server is stopped: only its storage is billed.
        </p>
      )}
    </Card>
  );
}

type Facts = Record<string, string>;

function factsOf(size: ServerSize, backupGiB: number | undefined): Facts {
  const sku = findSku(size.skuName);
  const iops = iopsOfSize(size);
  const whole = (value: number | undefined) =>
    value === undefined || Number.isNaN(value) ? '–' : number.format(value);
  return {
    vCores: whole(sku?.vCores),
    Memory: `${whole(sku?.memoryGiB)} GiB`,
    'Connections, at most': whole(sku?.maxConnections.max),
    Storage: `${whole(size.storageGiB)} GiB`,
    IOPS: iops === null ? 'autoscale' : whole(iops),
    ...(backupGiB !== undefined && { Backups: backupWords(backupGiB, size.storageGiB) }),
  };
}

/** As much as the storage is free. */
function backupWords(backupGiB: number, storageGiB: number): string {
  const over = backupOverageGiB(backupGiB, storageGiB);
  if (over > 0) return `${number.format(over)} GiB billed`;
  return backupGiB < 1 ? 'under 1 GiB, free' : `${number.format(Math.ceil(backupGiB))} GiB, free`;
}

function Line({ term, from, to, strong }: { term: string; from: string; to: string; strong?: boolean }) {
  return (
    <div className="flex flex-wrap justify-between gap-x-3 border-b border-line py-2 last:border-b-0">
      <dt className={strong ? 'font-semibold' : undefined}>{term}</dt>
      <dd className="ml-auto whitespace-nowrap">
        {from === to ? (
          <span className={strong ? 'font-semibold' : undefined}>{to}</span>
        ) : (
          <>
            <s className="text-text-3">
              <span className="sr-only">before </span>
              {from}
            </s>{' '}
            <b className="font-semibold">
              <span className="sr-only">after </span>
              {to}
            </b>
          </>
        )}
      </dd>
    </div>
  );
}
