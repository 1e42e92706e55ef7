'use client';

import { Check, Circle, Eye, EyeOff } from 'lucide-react';
import { useId, useState } from 'react';
import { classNames } from './class-names';
import { CopyButton } from './copy-button';
import { Field, type FieldWords } from './field';
import { IconButton } from './icon-button';
import { TextButton } from './text-button';

/** One rule and whether the value meets it: the caller has the rules, the field shows them as they are met. */
export interface PasswordRule {
  label: string;
  met: boolean;
}

export interface PasswordFieldProps extends FieldWords {
  value: string;
  onChange: (value: string) => void;
  onBlur?: () => void;
  name?: string;
  rules?: PasswordRule[];
  /** Makes a password that meets the rules; absent means no Generate button. */
  generate?: () => string;
}

/** A new password: shown on request, generated on request, its rules ticked as they are met. */
export function PasswordField({
  label,
  description,
  error,
  success,
  required,
  layout,
  action,
  value,
  onChange,
  onBlur,
  name,
  rules,
  generate,
}: PasswordFieldProps) {
  const controlId = useId();
  const hintId = `${controlId}-hint`;
  const rulesId = `${controlId}-rules`;
  const [shown, setShown] = useState(false);
  return (
    <Field {...{ label, description, error, success, required, layout, action, controlId, hintId }}>
      <div className="relative">
        <input
          id={controlId}
          name={name}
          type={shown ? 'text' : 'password'}
          autoComplete="new-password"
          spellCheck={false}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          onBlur={onBlur}
          aria-required={required || undefined}
          aria-invalid={error ? true : undefined}
          aria-describedby={`${hintId} ${rulesId}`}
          className={classNames('control', shown && 'font-mono', generate ? 'pr-28' : 'pr-16')}
        />
        <span className="absolute inset-y-0 right-1.5 flex items-center gap-0.5">
          {generate && (
            <TextButton
              className="px-1.5 text-xs"
              onClick={() => {
                onChange(generate());
                setShown(true);
              }}
            >
              Generate
            </TextButton>
          )}
          {shown && value !== '' && <CopyButton text={value} label="Copy password" />}
          <IconButton
            icon={shown ? EyeOff : Eye}
            label={shown ? 'Hide password' : 'Show password'}
            size={24}
            onClick={() => setShown(!shown)}
          />
        </span>
      </div>
      {rules && (
        <ul id={rulesId} className="mt-1.5 flex flex-wrap gap-x-3.5 gap-y-0.5 text-xs">
          {rules.map((rule) => (
            <li
              key={rule.label}
              className={classNames('flex items-center gap-1', rule.met ? 'text-ok' : 'text-text-3')}
            >
              {rule.met ? (
                <Check size={12} strokeWidth={2.5} aria-hidden />
              ) : (
                <Circle size={9} aria-hidden className="mx-px" />
              )}
              {rule.label}
              <span className="sr-only">{rule.met ? ': met' : ': not met'}</span>
            </li>
          ))}
        </ul>
      )}
    </Field>
  );
}
