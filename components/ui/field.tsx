import type { ReactNode } from 'react';
import { classNames } from './class-names';

/** What every field has besides its value. */
export interface FieldWords {
  label: ReactNode;
  /** What to write and why; stands under the field. */
  description?: ReactNode;
  /** What is wrong and what would be right; replaces the description. */
  error?: ReactNode;
  /** Something good to know about the value ("Available"). */
  success?: ReactNode;
  required?: boolean;
  /** Label at the left (default) or above. */
  layout?: 'row' | 'stack';
  /** A link or small button under the field. */
  action?: ReactNode;
}

interface FieldProps extends FieldWords {
  /** Id of the control, for the label; a group (radio cards) has `labelId` instead. */
  controlId?: string;
  labelId?: string;
  hintId: string;
  children: ReactNode;
}

/** Label, control and hint, in the portal's grid: labels left, values aligned, one column on phones. */
export function Field({
  label,
  description,
  error,
  success,
  required,
  layout = 'row',
  action,
  controlId,
  labelId,
  hintId,
  children,
}: FieldProps) {
  const Label = controlId ? 'label' : 'span';
  return (
    <div
      className={classNames(
        'grid items-start gap-x-5 gap-y-1',
        // Panes, which space what stands in them, set it to nothing.
        layout === 'row' ? 'py-[7px] md:grid-cols-[minmax(130px,210px)_minmax(0,430px)]' : 'py-(--field-space,7px)',
      )}
    >
      <Label htmlFor={controlId} id={labelId} className={classNames('text-text-2', layout === 'row' && 'pt-1.5')}>
        {label}
        {required && (
          <span aria-hidden className="ml-0.5 text-bad">
            *
          </span>
        )}
      </Label>
      <div className="min-w-0">
        {children}
        <FieldHint id={hintId} description={description} error={error} success={success} />
        {action && <div className="mt-1 text-xs">{action}</div>}
      </div>
    </div>
  );
}

/** The line under a field. It is there from the start, so that screen readers hear when it changes. */
export function FieldHint({
  id,
  description,
  error,
  success,
}: Pick<FieldWords, 'description' | 'error' | 'success'> & { id: string }) {
  return (
    <div
      id={id}
      aria-live="polite"
      className={classNames(
        'text-xs [overflow-wrap:anywhere] not-empty:mt-1',
        error ? 'text-bad' : success ? 'text-ok' : 'text-text-3',
      )}
    >
      {error || success || description}
    </div>
  );
}
