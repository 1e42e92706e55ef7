import { Button } from '@/components/ui/button';
import { DefinitionList } from '@/components/ui/definition-list';
import { SidePane } from '@/components/ui/dialog';
import { Link } from '@/components/ui/link';
import { editProblem, type ParameterEdits, type ServerParameter } from '@/lib/rules/server-parameters';
import { ValueEditor } from './value-editor';

interface ParameterPaneProps {
  parameter: ServerParameter;
  edits: ParameterEdits;
  onEdit: (parameter: ServerParameter, value: string | null) => void;
  onClose: () => void;
  unchangeable: string | undefined;
}

/** All there is to know of one parameter, and its value. */
export function ParameterPane({ parameter, edits, onEdit, onClose, unchangeable }: ParameterPaneProps) {
  const { name, defaultValue, isModified, isReadOnly, documentationLink } = parameter;
  const edit = edits[name];
  const value = edit === undefined ? parameter.value : (edit ?? defaultValue);
  const locked = isReadOnly ? 'The service sets it.' : unchangeable;
  return (
    <SidePane
      isOpen
      onClose={onClose}
      title={<span className="font-mono">{name}</span>}
      subtitle={parameter.group}
      footer={
        <>
          <Button variant="primary" onClick={onClose}>
            Done
          </Button>
          <Button
            onClick={() => onEdit(parameter, null)}
            disabledReason={locked ?? (!isModified && edit === undefined ? 'It has its default already.' : undefined)}
          >
            Reset to default
          </Button>
        </>
      }
    >
      <div className="grid gap-4 [&>*]:min-w-0">
        <p className="max-w-prose">{parameter.description}</p>
        <ValueEditor
          parameter={parameter}
          value={value}
          onChange={(next) => onEdit(parameter, next)}
          problem={editProblem(parameter, edits)}
          disabledReason={locked}
          label={`New value of ${name}`}
        />
        <div className="-mx-4">
          <DefinitionList
            columns={1}
            items={[
              { term: 'Set to', value: parameter.value || '(empty)', copy: parameter.value || undefined, mono: true },
              { term: 'In force', value: parameter.currentValue || '(empty)', mono: true },
              { term: 'Default', value: defaultValue || '(empty)', mono: true },
              { term: 'Allowed', value: parameter.allowedValues.replaceAll(',', ', ') || 'checked by MySQL' },
              { term: 'Type', value: parameter.dataType },
              {
                term: 'Takes effect',
                value: isReadOnly ? 'it can’t be changed' : parameter.isDynamic ? 'at once' : 'at the next restart',
              },
            ]}
          />
        </div>
        {documentationLink && (
          <p>
            <Link href={documentationLink} external>
              MySQL’s manual on {name}
            </Link>
          </p>
        )}
      </div>
    </SidePane>
  );
}
