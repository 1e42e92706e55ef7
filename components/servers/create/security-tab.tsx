'use client';

import { Section } from '@/components/ui/card';
import { DefinitionList } from '@/components/ui/definition-list';

/** What protects every server, without a choice to make. */
export function SecurityTab() {
  return (
    <Section
      title="In force on every server"
      description="There is nothing to choose here: this is how every server is protected."
    >
      <div className="-mx-3.5 md:-mx-4 max-w-[860px]">
        <DefinitionList
          columns={1}
          items={[
            { term: 'Data at rest', value: 'Encrypted with a key that the service manages.' },
            { term: 'Data in transit', value: 'TLS 1.2 or later; anything else is refused.' },
            {
              term: 'Certificate',
              value: 'The server has one of its own. Download its authority under Connect to let clients verify it.',
            },
            {
              term: 'Admin password',
              value: 'Sent once, over TLS. The portal doesn’t keep it and never shows it again.',
            },
          ]}
        />
      </div>
    </Section>
  );
}
