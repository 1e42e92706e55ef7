import { ChangeReview } from '@/components/blade/change-review';
import { usePortalConfig } from '@/components/blade/portal-config';
import { useServerChange, type BeginAction } from '@/components/servers/use-server-change';
import { ConfirmByName } from '@/components/ui/confirm-by-name';
import type { ServerKey } from '@/lib/arm/resource-id';
import { describeDeleteDatabase } from '@/lib/rules/server-changes';

interface DeleteDatabaseDialogProps {
  server: ServerKey;
  run: BeginAction<[ServerKey, name: string]>;
  name: string;
  /** Why it can't be deleted now. */
  disabledReason: string | undefined;
  onClose: () => void;
}

/** Drops a database, after its name was typed. There as long as it is open. */
export function DeleteDatabaseDialog({ server, run, name, disabledReason, onClose }: DeleteDatabaseDialogProps) {
  const { resourceManagerEndpoint } = usePortalConfig();
  const change = useServerChange(server, run);
  const confirm = async () => {
    if (await change.submit(`Deleting the database ${name}`, server, name)) onClose();
  };
  return (
    <ConfirmByName
      isOpen
      onClose={onClose}
      title={`Delete the database ${name}?`}
      name={name}
      confirmLabel="Delete"
      onConfirm={() => void confirm()}
      disabledReason={disabledReason}
      pending={change.pending}
      error={change.error}
    >
      <div className="grid gap-3 [&>*]:min-w-0">
        <p>Every table in it is dropped with all its rows. Accounts and the server’s other databases stay.</p>
        <ChangeReview
          change={describeDeleteDatabase(server, name)}
          resourceManagerEndpoint={resourceManagerEndpoint}
          formatsOnly
        />
      </div>
    </ConfirmByName>
  );
}
