import { Plus, Trash2 } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/checkbox';
import { FieldHint } from '@/components/ui/field';
import { IconButton } from '@/components/ui/icon-button';
import type { TagChange } from '@/lib/rules/bulk-plan';
import type { FleetServer } from '@/lib/rules/fleet';
import { tagProblem, type TagField } from '@/lib/rules/tags';

export interface TagFormValue {
  set: (TagField & { id: number })[];
  remove: string[];
}

export const EMPTY_TAG_FORM: TagFormValue = { set: [{ id: 0, name: '', value: '' }], remove: [] };

/** Rows that are wholly empty stand for nothing. */
export function toTagChange({ set, remove }: TagFormValue): TagChange {
  return { set: set.filter(({ name, value }) => name !== '' || value !== ''), remove };
}

interface TagFormProps {
  servers: readonly FleetServer[];
  value: TagFormValue;
  onChange: (value: TagFormValue) => void;
}

/** Tags to set on every server, and tags to take from those that have them. */
export function TagForm({ servers, value, onChange }: TagFormProps) {
  const names = [...new Set(servers.flatMap(({ tags }) => Object.keys(tags)))].sort((a, b) => a.localeCompare(b));
  const setRow = (id: number, change: Partial<TagField>) =>
    onChange({ ...value, set: value.set.map((row) => (row.id === id ? { ...row, ...change } : row)) });
  return (
    <div className="grid gap-3">
      <fieldset className="grid gap-2">
        <legend className="mb-1.5 font-[560]">Set</legend>
        {value.set.map((row, index) => {
          const problem = row.name === '' && row.value === '' ? undefined : tagProblem(row);
          const hint = `tag-${row.id}-hint`;
          return (
            <div key={row.id} className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_30px] gap-x-2.5">
              {(['name', 'value'] as const).map((field) => (
                <input
                  key={field}
                  className="control"
                  aria-label={`${field === 'name' ? 'Name' : 'Value'} of tag ${index + 1}`}
                  placeholder={field === 'name' ? 'environment' : 'production'}
                  autoComplete="off"
                  value={row[field]}
                  aria-invalid={problem?.field === field || undefined}
                  aria-describedby={hint}
                  onChange={(event) => setRow(row.id, { [field]: event.target.value })}
                />
              ))}
              <IconButton
                icon={Trash2}
                label={`Remove row ${index + 1}`}
                onClick={() => onChange({ ...value, set: value.set.filter(({ id }) => id !== row.id) })}
              />
              <div className="col-span-full">
                <FieldHint id={hint} error={problem?.message} />
              </div>
            </div>
          );
        })}
        <div>
          <Button
            icon={Plus}
            onClick={() => {
              const id = Math.max(-1, ...value.set.map((row) => row.id)) + 1;
              onChange({ ...value, set: [...value.set, { id, name: '', value: '' }] });
            }}
          >
            Add a tag
          </Button>
        </div>
      </fieldset>
      {names.length > 0 && (
        <fieldset>
          <legend className="mb-1 font-[560]">Remove</legend>
          <div className="flex flex-wrap gap-x-5">
            {names.map((name) => (
              <Checkbox
                key={name}
                label={name}
                checked={value.remove.includes(name)}
                onChange={(event) =>
                  onChange({
                    ...value,
                    remove: event.target.checked
                      ? [...value.remove, name]
                      : value.remove.filter((other) => other !== name),
                  })
                }
              />
            ))}
          </div>
        </fieldset>
      )}
    </div>
  );
}
