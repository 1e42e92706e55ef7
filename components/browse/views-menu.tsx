import { Bookmark, BookmarkPlus, Trash2 } from 'lucide-react';
import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Menu } from '@/components/ui/menu';
import { TextField } from '@/components/ui/text-field';
import { useSavedViews } from './saved-views';
import { VIEW_PARAMETERS } from './use-browse-state';

/** Saved views: open one, save how the grid stands, drop one. */
export function ViewsMenu() {
  const { views, save, remove } = useSavedViews();
  const router = useRouter();
  const pathname = usePathname();
  const parameters = useSearchParams();
  const [isSaving, setSaving] = useState(false);
  const search = searchOf(parameters);
  const open = views.find((view) => view.search === search);
  return (
    <>
      <Menu
        label="Views"
        sections={[
          {
            title: 'Saved in this browser',
            items: views.map((view) => ({
              id: view.name,
              label: view.name,
              checked: view === open,
              onSelect: () => router.push(`${pathname}${view.search}`),
            })),
          },
          {
            items: [
              {
                id: 'save',
                label: 'Save this view…',
                icon: BookmarkPlus,
                disabledReason: search === '' && 'Filter, sort or group first: this is how the list always looks.',
                onSelect: () => setSaving(true),
              },
              ...(open
                ? [
                    {
                      id: 'remove',
                      label: `Drop “${open.name}”`,
                      icon: Trash2,
                      tone: 'danger' as const,
                      onSelect: () => remove(open.name),
                    },
                  ]
                : []),
            ],
          },
        ].filter(({ items }) => items.length > 0)}
      >
        {(trigger) => (
          <Button {...trigger} icon={Bookmark}>
            {open?.name ?? 'Views'}
          </Button>
        )}
      </Menu>
      {isSaving && (
        <SaveDialog
          taken={views.map(({ name }) => name)}
          onClose={() => setSaving(false)}
          onSave={(name) => {
            save({ name, search });
            setSaving(false);
          }}
        />
      )}
    </>
  );
}

function searchOf(parameters: URLSearchParams): string {
  const kept = new URLSearchParams();
  for (const name of VIEW_PARAMETERS) {
    const value = parameters.get(name);
    if (value !== null) kept.set(name, value);
  }
  return kept.size === 0 ? '' : `?${kept}`;
}

interface SaveDialogProps {
  taken: string[];
  onSave: (name: string) => void;
  onClose: () => void;
}

function SaveDialog({ taken, onSave, onClose }: SaveDialogProps) {
  const [name, setName] = useState('');
  const trimmed = name.trim();
  const submit = () => {
    if (trimmed !== '') onSave(trimmed);
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Save this view"
      width="narrow"
      footer={
        <>
          <Button variant="primary" onClick={submit} disabledReason={trimmed === '' && 'Write a name first.'}>
            {taken.includes(trimmed) ? 'Replace' : 'Save'}
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <TextField
          label="Name"
          layout="stack"
          autoFocus
          maxLength={60}
          value={name}
          onChange={(event) => setName(event.target.value)}
          description="Filters, sorting, groups and columns are kept in this browser."
        />
      </form>
    </Dialog>
  );
}
