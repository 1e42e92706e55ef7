import { useState } from 'react';
import { ChangePane } from '@/components/servers/change-pane';
import { useServerChange } from '@/components/servers/use-server-change';
import { TextField } from '@/components/ui/text-field';
import type { ServerKey } from '@/lib/arm/resource-id';
import { backupNameProblem, describeBackUp } from '@/lib/rules/backup-changes';
import type { BackupActions } from './backup-actions';

interface BackUpPaneProps {
  server: ServerKey;
  /** Names of its backups. */
  taken: readonly string[];
  run: BackupActions['backUp'];
  problem: string | undefined;
  onClose: () => void;
}

/** A full backup now, under a name of one's own. */
export function BackUpPane({ server, taken, run, problem, onClose }: BackUpPaneProps) {
  const [name, setName] = useState(() => `backup-${new Date().toISOString().slice(0, 19).replace(/[T:]/g, '-')}`);
  const change = useServerChange(server, run);
  const wrong = backupNameProblem(name, taken);
  const close = () => {
    change.reset();
    onClose();
  };
  const apply = async () => {
    if (await change.submit(`Backing up ${server.serverName}`, server, name)) close();
  };
  return (
    <ChangePane
      isOpen
      onClose={close}
      title="Back up now"
      subtitle={server.serverName}
      change={wrong ? undefined : describeBackUp(server, name)}
      applyLabel="Back up"
      applyDisabledReason={problem ?? wrong}
      onApply={() => void apply()}
      pending={change.pending}
      error={change.error}
    >
      <p>
        A full backup, taken while clients go on writing. It is kept until you delete it or the server’s retention ends.
      </p>
      <TextField
        label="Name"
        layout="stack"
        required
        value={name}
        onChange={(event) => setName(event.target.value)}
        error={wrong}
        description="Say what it is for: before-release."
      />
    </ChangePane>
  );
}
