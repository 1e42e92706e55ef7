'use client';

import { Plus, Trash2 } from 'lucide-react';
import { useRef } from 'react';
import { useFieldArray } from 'react-hook-form';
import { Button } from '@/components/ui/button';
import { Section } from '@/components/ui/card';
import { FieldHint } from '@/components/ui/field';
import { IconButton } from '@/components/ui/icon-button';
import { useCreateForm } from './form-fields';

const COLUMNS = [
  { id: 'name', label: 'Name', placeholder: 'environment' },
  { id: 'value', label: 'Value', placeholder: 'production' },
] as const;

/** Names and values to find and bill servers by. */
export function TagsTab() {
  const { control, register, formState } = useCreateForm();
  const { fields, append, remove } = useFieldArray({ control, name: 'tags' });
  const addButton = useRef<HTMLButtonElement>(null);
  const errors = formState.errors.tags;
  return (
    <Section
      title="Tags"
      description="Names and values by which you find servers and split costs. Do not put secrets in them."
    >
      <div data-field="tags" className="grid max-w-[640px] gap-2.5">
        {fields.length > 0 && (
          <>
            <div aria-hidden className="grid grid-cols-[1fr_1fr_30px] gap-2.5 text-xs font-[560] text-text-2">
              {COLUMNS.map(({ id, label }) => (
                <span key={id}>{label}</span>
              ))}
            </div>
            <ul className="grid gap-2.5">
              {fields.map((field, index) => {
                const rowErrors = errors?.[index];
                const hint = `tag-${field.id}-hint`;
                return (
                  <li key={field.id} className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_30px] gap-x-2.5 gap-y-1">
                    {COLUMNS.map(({ id, label, placeholder }) => (
                      <input
                        key={id}
                        {...register(`tags.${index}.${id}`)}
                        aria-label={`${label} of tag ${index + 1}`}
                        aria-invalid={rowErrors?.[id] ? true : undefined}
                        aria-describedby={hint}
                        placeholder={placeholder}
                        autoComplete="off"
                        className="control"
                      />
                    ))}
                    <IconButton
                      icon={Trash2}
                      label={`Remove tag ${index + 1}`}
                      onClick={() => {
                        addButton.current?.focus();
                        remove(index);
                      }}
                    />
                    <div className="col-span-full empty:hidden">
                      <FieldHint
                        id={hint}
                        error={[rowErrors?.name?.message, rowErrors?.value?.message].filter(Boolean).join(' ')}
                      />
                    </div>
                  </li>
                );
              })}
            </ul>
          </>
        )}
        <div>
          <Button
            ref={addButton}
            icon={Plus}
            onClick={() => append({ name: '', value: '' }, { focusName: `tags.${fields.length}.name` })}
          >
            Add a tag
          </Button>
        </div>
        <FieldHint id="tags-hint" error={errors?.root?.message ?? errors?.message} />
      </div>
    </Section>
  );
}
