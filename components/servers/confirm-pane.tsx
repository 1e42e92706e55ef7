import { ChangePane } from '@/components/servers/change-pane';
import { useServerChange, type BeginAction } from '@/components/servers/use-server-change';
import type { ServerKey } from '@/lib/arm/resource-id';
import type { ChangeDescription } from '@/lib/rules/change-description';

interface ConfirmPaneProps {
  server: ServerKey;
  title: string;
  /** "Failing over orders": for the bell. */
  doing: string;
  applyLabel: string;
  closeLabel?: string;
  /** What one should know before. */
  words: string;
  change: ChangeDescription;
  run: BeginAction<[ServerKey]>;
  /** Why it can't be done now. */
  problem: string | undefined;
  isOpen: boolean;
  onClose: () => void;
}

/** A change without a form, reviewed before it is sent: disabling, failing over. */
export function ConfirmPane(props: ConfirmPaneProps) {
  const { server, title, doing, applyLabel, closeLabel, words, change: description, run, problem } = props;
  const { isOpen, onClose } = props;
  const change = useServerChange(server, run);
  const close = () => {
    change.reset();
    onClose();
  };
  const apply = async () => {
    if (await change.submit(doing, server)) close();
  };
  return (
    <ChangePane
      isOpen={isOpen}
      onClose={close}
      title={title}
      subtitle={server.serverName}
      change={description}
      applyLabel={applyLabel}
      applyDisabledReason={problem}
      closeLabel={closeLabel}
      onApply={() => void apply()}
      pending={change.pending}
      error={change.error}
    >
      <p>{words}</p>
    </ChangePane>
  );
}
