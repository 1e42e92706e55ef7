import { useState } from 'react';
import { ChangePane } from '@/components/servers/change-pane';
import { useServerChange, type BeginAction } from '@/components/servers/use-server-change';
import { Select } from '@/components/ui/select';
import { TextField } from '@/components/ui/text-field';
import type { Database } from '@/lib/arm/mysql/database';
import type { ServerKey } from '@/lib/arm/resource-id';
import { CHARACTER_SETS } from '@/lib/rules/character-sets';
import { databaseNameProblem } from '@/lib/rules/names';
import { describeCreateDatabase } from '@/lib/rules/server-changes';

interface CreateDatabasePaneProps {
  server: ServerKey;
  run: BeginAction<[ServerKey, { name: string; charset: string; collation: string }]>;
  /** Why none can be made now. */
  disabledReason: string | undefined;
  onClose: () => void;
  taken: Database[];
}

const DEFAULT = { name: '', charset: 'utf8mb4', collation: 'utf8mb4_0900_ai_ci' };

/** A new database: name, character set, collation. There as long as it is open. */
export function CreateDatabasePane({ server, run, disabledReason, onClose, taken }: CreateDatabasePaneProps) {
  const [database, setDatabase] = useState(DEFAULT);
  const [touched, setTouched] = useState(false);
  const change = useServerChange(server, run);
  const same = taken.some(({ name }) => name.toLowerCase() === database.name.toLowerCase());
  const problem = same ? `There is already a database “${database.name}”.` : databaseNameProblem(database.name);
  const beside = change.error?.target?.match(/charset|collation/) ? change.error.target : undefined;
  const apply = async () => {
    setTouched(true);
    if (!problem && (await change.submit(`Creating the database ${database.name}`, server, database))) onClose();
  };
  const characterSet = CHARACTER_SETS.find(({ name }) => name === database.charset);
  return (
    <ChangePane
      isOpen
      onClose={onClose}
      title="Create a database"
      subtitle={server.serverName}
      change={problem ? undefined : describeCreateDatabase(server, database)}
      applyLabel="Create"
      applyDisabledReason={disabledReason}
      onApply={() => void apply()}
      pending={change.pending}
      error={beside ? null : change.error}
    >
      <TextField
        label="Name"
        layout="stack"
        mono
        required
        autoFocus
        value={database.name}
        onChange={(event) => setDatabase({ ...database, name: event.target.value })}
        onBlur={() => setTouched(database.name !== '')}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !disabledReason && !change.pending) void apply();
        }}
        error={touched ? problem : undefined}
        description="Stored in lower case, as Azure does by default."
      />
      <Select
        label="Character set"
        layout="stack"
        value={database.charset}
        onChange={(charset) =>
          setDatabase({
            ...database,
            charset,
            collation: CHARACTER_SETS.find(({ name }) => name === charset)?.collations[0] ?? '',
          })
        }
        options={CHARACTER_SETS.map(({ name, label }) => ({ id: name, label: name, description: label }))}
        error={beside?.includes('charset') ? change.error?.message : undefined}
      />
      <Select
        label="Collation"
        layout="stack"
        value={database.collation}
        onChange={(collation) => setDatabase({ ...database, collation })}
        options={(characterSet?.collations ?? []).map((name) => ({ id: name, label: name }))}
        error={beside?.includes('collation') ? change.error?.message : undefined}
      />
    </ChangePane>
  );
}
