import { useId } from 'react';
import { classNames } from '@/components/ui/class-names';
import { FieldHint } from '@/components/ui/field';
import type { ServerParameter } from '@/lib/rules/server-parameters';

interface ValueEditorProps {
  parameter: ServerParameter;
  value: string;
  onChange: (value: string) => void;
  problem: string | undefined;
  disabledReason?: string | undefined;
  /** Several may stand on a page: the grid's, and that of the open pane. */
  label?: string;
}

/** The value of a parameter: a choice where there are few, otherwise text. */
export function ValueEditor({ parameter, value, onChange, problem, disabledReason, label }: ValueEditorProps) {
  const hint = useId();
  const { name, dataType, allowedValues } = parameter;
  const choices = dataType === 'Enumeration' || dataType === 'Boolean' ? allowedValues.split(',').filter(Boolean) : [];
  const shared = {
    'aria-label': label ?? `Value of ${name}`,
    'aria-describedby': hint,
    'aria-invalid': problem ? true : undefined,
    className: classNames(
      'control h-[30px]! font-mono text-sm',
      disabledReason && 'bg-sunken',
      problem && 'border-bad',
    ),
  };
  const chosen = choices.find((choice) => choice.toLowerCase() === value.toLowerCase());
  return (
    <div className="min-w-0 p-0.5 whitespace-normal">
      {choices.length > 0 && !disabledReason ? (
        <select {...shared} value={chosen ?? value} onChange={(event) => onChange(event.target.value)}>
          {chosen === undefined && <option value={value}>{value}</option>}
          {choices.map((choice) => (
            <option key={choice} value={choice}>
              {choice}
            </option>
          ))}
        </select>
      ) : (
        <input
          {...shared}
          value={value}
          title={disabledReason}
          readOnly={Boolean(disabledReason)}
          spellCheck={false}
          autoComplete="off"
          inputMode={dataType === 'Integer' ? 'numeric' : undefined}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
      <FieldHint id={hint} error={problem} description={undefined} />
    </div>
  );
}
