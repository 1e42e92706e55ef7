import { CircleAlert, CircleCheck, CircleDashed, TriangleAlert } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { LinkButton } from '@/components/ui/link';
import { Spinner } from '@/components/ui/spinner';
import type { ServerKey } from '@/lib/arm/resource-id';
import { paths } from '@/lib/paths';
import { HOP_LABELS, type ConnectionReport, type Fix, type Hop, type HopId } from '@/lib/rules/connection-report';

const WHAT: Record<HopId, string> = {
  server: 'Is it running?',
  name: 'Does DNS know its name?',
  port: 'Does its port take connections?',
  firewall: 'Does a rule allow your address?',
  answer: 'Does MySQL answer?',
  tls: 'TLS 1.2 or later, the right authority, the right name?',
  signIn: 'Are user name and password right?',
  database: 'What may the user do in the database?',
};

const SIGNS: Record<Hop['status'], { icon: typeof CircleCheck; ink: string; word: string }> = {
  passed: { icon: CircleCheck, ink: 'text-ok', word: 'Passed' },
  warned: { icon: TriangleAlert, ink: 'text-warn', word: 'Passed with a warning' },
  failed: { icon: CircleAlert, ink: 'text-bad', word: 'Failed' },
  skipped: { icon: CircleDashed, ink: 'text-text-3', word: 'Not tried' },
};

interface HopListProps {
  report: ConnectionReport | undefined;
  pending: boolean;
  server: ServerKey;
  onAddAddress: (address: string) => void;
}

/** The way of a connection, hop by hop. */
export function HopList({ report, pending, server, onAddAddress }: HopListProps) {
  return (
    <ol className="grid">
      {(Object.keys(HOP_LABELS) as HopId[]).map((id) => {
        const hop = pending ? undefined : report?.hops.find((found) => found.id === id);
        const { icon: Icon, ink, word } = SIGNS[hop?.status ?? 'skipped'];
        return (
          <li
            key={id}
            className="grid grid-cols-[16px_minmax(0,1fr)] gap-x-2.5 border-b border-line py-[7px] last:border-0 sm:grid-cols-[16px_84px_minmax(0,1fr)_auto]"
          >
            {pending ? (
              <Spinner className="mt-0.5 text-text-3" />
            ) : (
              <Icon size={16} aria-hidden className={`mt-0.5 ${ink}`} />
            )}
            <b className="font-[560]">
              {HOP_LABELS[id]}
              {hop && <span className="sr-only">: {word}.</span>}
            </b>
            <span
              className={`col-start-2 [overflow-wrap:anywhere] sm:col-start-3 ${hop?.status === 'failed' ? 'text-bad' : hop && hop.status !== 'skipped' ? 'text-text-2' : 'text-text-3'}`}
            >
              {hop?.detail ?? WHAT[id]}
              {hop?.fix && (
                <span className="mt-1.5 block">
                  <FixButton fix={hop.fix} server={server} onAddAddress={onAddAddress} />
                </span>
              )}
            </span>
            {hop?.milliseconds !== undefined && (
              <span className="col-start-2 text-xs text-text-3 sm:col-start-4 sm:text-right">
                {hop.milliseconds} ms
              </span>
            )}
          </li>
        );
      })}
    </ol>
  );
}

function FixButton({ fix, server, onAddAddress }: { fix: Fix } & Pick<HopListProps, 'server' | 'onAddAddress'>) {
  switch (fix.kind) {
    case 'addAddress':
      return <Button onClick={() => onAddAddress(fix.address)}>Allow {fix.address}</Button>;
    case 'startServer':
      return <LinkButton href={paths.server(server, 'overview', 'start')}>Start the server</LinkButton>;
    case 'resetPassword':
      return (
        <LinkButton href={paths.server(server, 'overview', 'reset-password')}>Reset the admin’s password</LinkButton>
      );
    case 'createDatabase':
      return <LinkButton href={paths.server(server, 'databases', 'create')}>Create a database</LinkButton>;
  }
}
