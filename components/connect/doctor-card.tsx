import { useMutation } from '@tanstack/react-query';
import { Stethoscope } from 'lucide-react';
import { useState } from 'react';
import type { BeginAction } from '@/components/servers/use-server-change';
import { useServer } from '@/components/servers/use-server';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { PasswordField } from '@/components/ui/password-field';
import { toErrorWords } from '@/components/ui/query-region';
import { ErrorState } from '@/components/ui/states';
import type { ServerKey } from '@/lib/arm/resource-id';
import { examineConnection } from '@/lib/queries/connection-doctor';
import type { NamedAddressRange } from '@/lib/rules/address-ranges';
import { AddAddressPane } from './add-address-pane';
import { HopList } from './hop-list';

interface DoctorCardProps {
  server: ServerKey;
  user: string;
  database: string;
  putRule: BeginAction<[ServerKey, NamedAddressRange]>;
}

/** Connects hop by hop from the portal's machine, and says where it ends and what to do there. */
export function DoctorCard({ server, user, database, putRule }: DoctorCardProps) {
  const { data } = useServer(server);
  const [password, setPassword] = useState('');
  const [adding, setAdding] = useState<string | null>(null);
  const examination = useMutation({
    mutationFn: () => examineConnection(server, { user, password, database }),
    // The question holds a password.
    gcTime: 0,
  });
  const examine = () => examination.mutate();
  return (
    <Card title="Connection doctor" aside="checked from the portal’s machine">
      <div className="grid items-start gap-x-8 gap-y-3 lg:grid-cols-[minmax(0,1fr)_minmax(0,2fr)]">
        <form
          className="-mt-[7px] grid gap-1"
          onSubmit={(event) => {
            event.preventDefault();
            examine();
          }}
        >
          <PasswordField
            label="Password"
            layout="stack"
            value={password}
            onChange={setPassword}
            description={`Only to also try signing in${user ? ` as ${user}` : ''}. It is used once and kept nowhere.`}
          />
          <div>
            <Button
              type="submit"
              variant="primary"
              icon={Stethoscope}
              pending={examination.isPending}
              disabledReason={!data && 'The server is being loaded.'}
            >
              Check the connection
            </Button>
          </div>
        </form>
        <div aria-live="polite" aria-busy={examination.isPending}>
          {examination.error ? (
            <ErrorState
              error={toErrorWords(examination.error)}
              title="The connection could not be checked"
              onRetry={examine}
            />
          ) : (
            <HopList
              report={examination.data}
              pending={examination.isPending}
              server={server}
              onAddAddress={setAdding}
            />
          )}
        </div>
      </div>
      {adding !== null && (
        <AddAddressPane
          server={server}
          address={adding}
          putRule={putRule}
          onClose={() => setAdding(null)}
          onDone={() => {
            setAdding(null);
            examine();
          }}
        />
      )}
    </Card>
  );
}
