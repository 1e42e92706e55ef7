import { useRouter } from 'next/navigation';
import { ChangeReview } from '@/components/blade/change-review';
import { usePortalConfig } from '@/components/blade/portal-config';
import { useServerChange, type BeginAction } from '@/components/servers/use-server-change';
import { ConfirmByName } from '@/components/ui/confirm-by-name';
import type { ServerKey } from '@/lib/arm/resource-id';
import { paths } from '@/lib/paths';
import { useFlexdeckLocal } from '@/lib/queries/flexdeck-local';
import { describeDelete } from '@/lib/rules/server-changes';

interface DeleteServerDialogProps {
  server: ServerKey;
  run: BeginAction<[ServerKey]>;
  /** Why it can't be done now. */
  problem: string | undefined;
  onClose: () => void;
}

/** Deletes a server, after its name was typed. There as long as it is open. */
export function DeleteServerDialog({ server, run, problem, onClose }: DeleteServerDialogProps) {
  const { resourceManagerEndpoint } = usePortalConfig();
  const change = useServerChange(server, run);
  const router = useRouter();
  const isLocal = useFlexdeckLocal(server.subscriptionId);
  const confirm = async () => {
    if (await change.submit(`Deleting ${server.serverName}`, server)) router.push(paths.servers());
  };
  return (
    <ConfirmByName
      isOpen
      onClose={onClose}
      title={`Delete ${server.serverName}?`}
      name={server.serverName}
      confirmLabel="Delete"
      onConfirm={() => void confirm()}
      disabledReason={problem}
      pending={change.pending}
      error={change.error}
    >
      <div className="grid gap-3 [&>*]:min-w-0">
        <p>
          The server and every database on it are deleted. Sessions end at once.{' '}
          {isLocal
            ? 'Its backups are kept for 5 days: until then it can be restored to a new server from Deleted servers.'
            : 'Azure keeps its backups for 5 days, and can restore it to a new server until then.'}{' '}
          Whoever needs the data longer takes a dump first.
        </p>
        <ChangeReview change={describeDelete(server)} resourceManagerEndpoint={resourceManagerEndpoint} formatsOnly />
      </div>
    </ConfirmByName>
  );
}
