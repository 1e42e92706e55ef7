'use client';

import { useState, type FormEvent, type ReactNode } from 'react';
import { Button } from './button';
import { Dialog } from './dialog';
import { Notice } from './notice';
import type { ErrorWords } from './states';
import { TextField } from './text-field';

interface ConfirmByNameProps {
  isOpen: boolean;
  onClose: () => void;
  title: ReactNode;
  /** What has to be typed. */
  name: string;
  /** "Delete" */
  confirmLabel: string;
  onConfirm: () => void;
  /** Why it can't be done now, whatever is typed. */
  disabledReason?: string | null | false;
  pending?: boolean;
  /** The service's refusal of the last try. */
  error?: ErrorWords | null;
  /** What is lost and what stays. */
  children: ReactNode;
}

/** Asks for the name of what is about to be destroyed. */
export function ConfirmByName(props: ConfirmByNameProps) {
  return (
    <Dialog isOpen={props.isOpen} onClose={props.onClose} title={props.title} role="alertdialog" width="narrow">
      <ConfirmByNameForm {...props} />
    </Dialog>
  );
}

function ConfirmByNameForm(props: ConfirmByNameProps) {
  const { onClose, name, confirmLabel, onConfirm, disabledReason, pending, error, children } = props;
  const [typed, setTyped] = useState('');
  const matches = typed.trim() === name;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (matches && !pending && !disabledReason) onConfirm();
  };
  return (
    <form onSubmit={submit} className="grid gap-3">
      <div>{children}</div>
      <TextField
        label={
          <>
            Type <b className="font-mono font-semibold text-text select-all">{name}</b> to confirm
          </>
        }
        layout="stack"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        autoFocus
        mono
      />
      {error && (
        <Notice tone="bad" title={error.code} live>
          {error.message}
        </Notice>
      )}
      <div className="flex flex-wrap gap-2 pb-3">
        <Button
          variant="danger"
          type="submit"
          pending={pending}
          disabledReason={disabledReason || (!matches && `Type ${name} first`)}
        >
          {confirmLabel}
        </Button>
        <Button onClick={onClose}>Cancel</Button>
      </div>
    </form>
  );
}
