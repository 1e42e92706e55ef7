'use client';

import { ChangeReview } from '@/components/blade/change-review';
import { SidePane } from '@/components/ui/dialog';
import { usePortalConfig } from '@/components/blade/portal-config';
import { describeCreateServer } from '@/lib/rules/create-server-change';
import type { CreateServerForm } from '@/lib/rules/create-server-form';
import type { CodeFormat } from './code-formats';

/** The server of the form as code, to be run elsewhere. */
export function CodePane({
  form,
  format,
  onClose,
}: {
  form: CreateServerForm;
  format: CodeFormat;
  onClose: () => void;
}) {
  const { resourceManagerEndpoint } = usePortalConfig();
  return (
    <SidePane
      isOpen
      onClose={onClose}
      width="wide"
      title="The same as code"
      subtitle={form.serverName || 'What is not filled in stands as <placeholder>.'}
    >
      <ChangeReview
        formatsOnly
        initialFormat={format}
        change={describeCreateServer(form)}
        resourceManagerEndpoint={resourceManagerEndpoint}
      />
    </SidePane>
  );
}
