import { useState, type ChangeEvent } from 'react';
import { Button } from '@/components/ui/button';
import { SidePane } from '@/components/ui/dialog';
import { Notice } from '@/components/ui/notice';
import { TextArea } from '@/components/ui/text-field';
import { importParameters } from '@/lib/rules/parameter-files';
import type { ParameterEdits, ServerParameter } from '@/lib/rules/server-parameters';

interface ImportPaneProps {
  parameters: readonly ServerParameter[];
  onImport: (edits: ParameterEdits) => void;
  onClose: () => void;
}

/** Takes values from a file into the grid, where they are reviewed like any other edit. */
export function ImportPane({ parameters, onImport, onClose }: ImportPaneProps) {
  const [text, setText] = useState('');
  const read = text.trim() === '' ? undefined : tryImport(text, parameters);
  const result = read && 'edits' in read ? read : undefined;
  const count = result ? Object.keys(result.edits).length : 0;
  const choose = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    if (file) setText(await file.text());
  };
  return (
    <SidePane
      isOpen
      onClose={onClose}
      title="Import parameters"
      subtitle="Nothing is sent yet: what differs becomes an edit."
      width="wide"
      footer={
        <>
          <Button
            variant="primary"
            onClick={() => result && onImport(result.edits)}
            disabledReason={
              !read
                ? 'Choose a file or paste its text first.'
                : !result
                  ? 'The text can’t be read.'
                  : count === 0 && 'Nothing in it differs from this server.'
            }
          >
            {count === 1 ? 'Take 1 value' : `Take ${count} values`}
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </>
      }
    >
      <div className="grid gap-4 [&>*]:min-w-0">
        <label className="grid gap-1.5">
          <span className="text-text-2">File</span>
          <input type="file" accept="application/json,.json" onChange={(event) => void choose(event)} />
        </label>
        <TextArea
          label="Or its text"
          layout="stack"
          mono
          rows={10}
          value={text}
          placeholder={'{ "parameters": { "long_query_time": "2" } }'}
          onChange={(event) => setText(event.target.value)}
          error={read && 'error' in read ? read.error : undefined}
        />
        {result && (
          <p role="status">
            {count} to change, {result.same} as they are already
            {result.leftOut.length > 0 && `, ${result.leftOut.length} left out`}.
          </p>
        )}
        {result && result.leftOut.length > 0 && (
          <Notice tone="warn" title="Left out">
            <ul className="grid max-h-64 gap-1 overflow-auto">
              {result.leftOut.map(({ name, reason }) => (
                <li key={name}>
                  <span className="font-mono text-sm">{name}</span>: {reason}
                </li>
              ))}
            </ul>
          </Notice>
        )}
      </div>
    </SidePane>
  );
}

function tryImport(text: string, parameters: readonly ServerParameter[]) {
  try {
    return importParameters(text, parameters);
  } catch (failure) {
    return { error: failure instanceof Error ? failure.message : String(failure) };
  }
}
