'use client';

import { ServerBlade } from '@/components/servers/server-blade';
import { useServerKey } from '@/components/servers/server-key';
import { useFlexdeckLocal } from '@/lib/queries/flexdeck-local';
import { FilesCard } from './files-card';
import { LogReader } from './log-reader';
import { SwitchesCard, type SetLogParameters } from './switches-card';

/** What MySQL logs: which, its files, and what is in them. */
export function ServerLogsBlade({ setParameters }: { setParameters: SetLogParameters }) {
  const key = useServerKey();
  const hasReader = useFlexdeckLocal(key.subscriptionId);
  return (
    <ServerBlade title="Server logs" width="wide">
      <div className="grid items-start gap-[18px] xl:grid-cols-[minmax(0,1fr)_minmax(0,1.25fr)]">
        <SwitchesCard server={key} setParameters={setParameters} />
        <FilesCard server={key} />
      </div>
      {hasReader && <LogReader server={key} />}
    </ServerBlade>
  );
}
