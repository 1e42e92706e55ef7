import { Card } from '@/components/ui/card';
import { CodeBlock } from '@/components/ui/code-block';
import { UrlTabs } from '@/components/ui/tabs';
import type { Connection, Sample } from './samples/sample';
import { samplesFor } from './samples/samples';

/** Connection strings and a program that runs as it is, for each language. */
export function SamplesCard({ connection }: { connection: Connection }) {
  return (
    <Card title="Connect from" aside="each verifies the server’s certificate and name" flush>
      <div className="px-4 pt-1 pb-4">
        <UrlTabs
          label="Language"
          param="language"
          tabs={samplesFor(connection).map((sample) => ({
            id: sample.id,
            label: sample.label,
            content: <SampleView sample={sample} />,
          }))}
        />
      </div>
    </Card>
  );
}

function SampleView({ sample: { label, prepare, connectionString, program, run } }: { sample: Sample }) {
  return (
    <div className="grid gap-3.5 pt-3.5 [&>*]:min-w-0">
      {connectionString && (
        <CodeBlock
          caption={connectionString.label}
          label={`${connectionString.label} for ${label}`}
          code={connectionString.code}
        />
      )}
      {prepare && <CodeBlock caption="Prepare" label={`How to prepare ${label}`} code={prepare} />}
      <CodeBlock caption={program.file} label={`${label} program`} code={program.code} maxHeight={520} />
      <CodeBlock caption="Run, beside the CA certificate" label={`How to run the ${label} program`} code={run} />
    </div>
  );
}
