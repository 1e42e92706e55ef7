'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Notice } from '@/components/ui/notice';
import { TextField } from '@/components/ui/text-field';
import { apiPaths } from '@/lib/paths';
import { useArmAction } from '@/lib/queries/action';
import { keyOf } from '@/lib/queries/client';
import { usePermission } from '@/lib/queries/permissions';
import { resourceGroupNameProblem } from '@/lib/rules/names';
import type { CreateActions } from './create-actions';

interface CreateGroupDialogProps {
  createGroup: CreateActions['createGroup'];
  subscriptionId: string;
  location: string;
  locationName: string;
  /** Names of the groups that are there. */
  taken: string[];
  onCreated: (name: string) => void;
  onClose: () => void;
}

/** Makes a resource group at once: a thing of its own, which stays when the server is not created after all. */
export function CreateGroupDialog(props: CreateGroupDialogProps) {
  const { createGroup, subscriptionId, location, locationName, taken, onCreated, onClose } = props;
  const queryClient = useQueryClient();
  const create = useArmAction(createGroup);
  const [name, setName] = useState('');
  const [tried, setTried] = useState(false);
  const scope = `/subscriptions/${subscriptionId}`;
  const forbidden = usePermission(scope, 'Microsoft.Resources/subscriptions/resourceGroups/write');
  const isTaken = taken.some((other) => other.toLowerCase() === name.toLowerCase());
  const problem = isTaken
    ? `The resource group “${name}” exists already. Choose it from the list.`
    : resourceGroupNameProblem(name);
  const refusal = create.error;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    // A form in a dialog of React is still inside the page's form.
    event.stopPropagation();
    setTried(true);
    if (problem || forbidden || create.pending) return;
    const result = await create.run({ subscriptionId, name, location });
    if (!result.ok) return;
    await queryClient.invalidateQueries({ queryKey: keyOf(apiPaths.resourceGroups(subscriptionId)) });
    onCreated(name);
  };

  return (
    <Dialog isOpen onClose={onClose} title="Create a resource group" width="narrow">
      <form onSubmit={submit} noValidate className="grid gap-3 pb-4">
        <p className="text-text-2">
          A group holds resources that live and are deleted together. It is made at once, in {locationName}.
        </p>
        <TextField
          label="Name"
          layout="stack"
          required
          autoFocus
          maxLength={90}
          value={name}
          onChange={(event) => {
            setName(event.target.value);
            create.reset();
          }}
          error={((tried && name === '') || name !== '') && problem}
          description="Letters, digits, “_”, “-”, “.” and parentheses."
        />
        {refusal && (
          <Notice tone="bad" title={refusal.code} live>
            {refusal.message}
          </Notice>
        )}
        <div className="flex flex-wrap gap-2">
          <Button variant="primary" type="submit" pending={create.pending} disabledReason={forbidden}>
            Create group
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </div>
      </form>
    </Dialog>
  );
}
