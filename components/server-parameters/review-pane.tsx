import { useState } from 'react';
import { ChangePane } from '@/components/servers/change-pane';
import { Checkbox } from '@/components/ui/checkbox';
import type { ErrorWords } from '@/components/ui/states';
import type { ServerKey } from '@/lib/arm/resource-id';
import { describeParameters, needRestart, waitingWords } from '@/lib/rules/parameter-changes';
import type { ParameterEdits, ServerParameter } from '@/lib/rules/server-parameters';

interface ReviewPaneProps {
  server: ServerKey;
  parameters: readonly ServerParameter[];
  edits: ParameterEdits;
  unchangeable: string | undefined;
  pending: boolean;
  error: ErrorWords | null;
  onSave: (restart: boolean) => void;
  onClose: () => void;
}

/** The batch before it is sent; for static ones, whether the server restarts after it. */
export function ReviewPane({
  server,
  parameters,
  edits,
  unchangeable,
  pending,
  error,
  onSave,
  onClose,
}: ReviewPaneProps) {
  const [wanted, setWanted] = useState(false);
  const waiting = needRestart(parameters, edits);
  const isStatic = waiting.length > 0;
  const restart = wanted && isStatic;
  return (
    <ChangePane
      isOpen
      onClose={onClose}
      title="Save server parameters"
      subtitle={server.serverName}
      change={describeParameters(server, parameters, edits, restart)}
      applyLabel={restart ? 'Save and restart' : 'Save'}
      applyDisabledReason={unchangeable}
      pending={pending}
      error={error}
      onApply={() => onSave(restart)}
    >
      {isStatic && (
        <Checkbox
          label="Restart the server afterwards, so that all of them take effect now"
          description={restart ? undefined : waitingWords(waiting)}
          checked={wanted}
          onChange={(event) => setWanted(event.target.checked)}
        />
      )}
    </ChangePane>
  );
}
