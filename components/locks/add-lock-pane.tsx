import { useState } from 'react';
import { ChangePane } from '@/components/servers/change-pane';
import { useServerChange, type BeginAction } from '@/components/servers/use-server-change';
import { RadioCards } from '@/components/ui/radio-cards';
import { TextField } from '@/components/ui/text-field';
import type { ServerKey } from '@/lib/arm/resource-id';
import type { LockForPut } from '@/lib/arm/resources/lock';
import { describePutLock, LOCK_LEVEL_WORDS } from '@/lib/rules/lock-changes';
import { LOCK_LEVELS, lockNameProblem, type LockLevel } from '@/lib/rules/locks';

interface AddLockPaneProps {
  server: ServerKey;
  run: BeginAction<[ServerKey, LockForPut]>;
  /** Names of the server's own locks. */
  taken: readonly string[];
  disabledReason: string | undefined;
  onClose: () => void;
}

const MOST_NOTES = 512;

/** A new lock on the server. */
export function AddLockPane({ server, run, taken, disabledReason, onClose }: AddLockPaneProps) {
  const [name, setName] = useState('');
  const [level, setLevel] = useState<LockLevel>('CanNotDelete');
  const [notes, setNotes] = useState('');
  const change = useServerChange(server, run);
  const isTaken = taken.some((other) => other.toLowerCase() === name.toLowerCase());
  const nameProblem = lockNameProblem(name) ?? (isTaken ? `There is already a lock “${name}”.` : undefined);
  const notesProblem = notes.length > MOST_NOTES ? `Notes have ${MOST_NOTES} characters at most.` : undefined;
  const lock = { name, level, notes };
  const apply = async () => {
    if (await change.submit(`Locking ${server.serverName}`, server, lock)) onClose();
  };
  return (
    <ChangePane
      isOpen
      onClose={onClose}
      title="Add a lock"
      subtitle={server.serverName}
      change={nameProblem || notesProblem ? undefined : describePutLock(server, lock)}
      applyLabel="Add the lock"
      applyDisabledReason={disabledReason ?? (name === '' ? 'Write a name.' : (nameProblem ?? notesProblem))}
      pending={change.pending}
      error={change.error}
      onApply={() => void apply()}
    >
      <TextField
        label="Name"
        required
        layout="stack"
        value={name}
        onChange={(event) => setName(event.target.value)}
        error={name === '' ? undefined : nameProblem}
      />
      <RadioCards
        label="Keeps from"
        columns={2}
        value={level}
        onChange={(id) => setLevel(id as LockLevel)}
        options={LOCK_LEVELS.map((id) => ({ id, ...LOCK_LEVEL_WORDS[id] }))}
      />
      <TextField
        label="Notes"
        layout="stack"
        value={notes}
        onChange={(event) => setNotes(event.target.value)}
        error={notesProblem}
        description="Why it is there, for whoever meets it."
      />
    </ChangePane>
  );
}
