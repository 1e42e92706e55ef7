import { Card } from '@/components/ui/card';
import { Pill } from '@/components/ui/pill';
import { SimpleTable, type SimpleColumn } from '@/components/ui/simple-table';
import { Time } from '@/components/ui/time';
import type { BackupSettings, BackupVerification } from '@/lib/arm/local/backup';
import { verificationWords } from './backup-words';

const SHOWN = 5;
const WORDS = { InProgress: 'Running', Succeeded: 'Restored', Failed: 'Failed' };
const TONES = { InProgress: 'accent', Succeeded: 'ok', Failed: 'bad' } as const;

interface Row {
  name: string;
  properties: BackupVerification;
}

const COLUMNS: SimpleColumn<Row>[] = [
  { id: 'at', header: 'When', render: ({ properties }) => <Time value={properties.startedAt} /> },
  {
    id: 'result',
    header: 'Result',
    render: ({ properties: { status } }) => (
      <Pill tone={TONES[status]} busy={status === 'InProgress'}>
        {WORDS[status]}
      </Pill>
    ),
  },
  {
    id: 'what',
    header: 'What',
    render: ({ properties }) =>
      properties.problem ?? (properties.status === 'InProgress' ? '' : verificationWords(properties)),
  },
];

/** Test restores: the only proof that a backup can be restored. */
export function VerificationCard({ verifications, settings }: { verifications: Row[]; settings: BackupSettings }) {
  const { verificationIntervalHours: hours } = settings;
  const often =
    hours === 0
      ? 'not on a schedule'
      : hours === 24
        ? 'every day'
        : hours % 24 === 0
          ? `every ${hours / 24} days`
          : `every ${hours} hours`;
  return (
    <Card title="Test restores" aside={often} flush>
      {verifications.length === 0 ? (
        <p className="px-4 py-3 text-text-2">
          None yet. A test restore brings the newest backup up on a throw-away server and checks its tables. “Test
          restore” above runs one now.
        </p>
      ) : (
        <SimpleTable
          caption="Test restores"
          columns={COLUMNS}
          rows={verifications.slice(0, SHOWN)}
          rowId={({ name }) => name}
        />
      )}
    </Card>
  );
}
