import { Pill, type Tone } from '@/components/ui/pill';
import { parseResourceId } from '@/lib/arm/resource-id';
import type { Activity } from '@/lib/rules/activity';

const TONES: Record<string, Tone> = { Succeeded: 'ok', Failed: 'bad', Canceled: 'off' };

export function ActivityStatus({ status }: { status: string }) {
  return (
    <Pill tone={TONES[status] ?? 'accent'} busy={!(status in TONES)}>
      {status}
    </Pill>
  );
}

/** What was done, with the name of what lies under the server: "Create or update firewall rule office". */
export function activityTitle({ title, resourceId }: Pick<Activity, 'title' | 'resourceId'>): string {
  const segments = parseResourceId(resourceId)?.segments ?? [];
  return segments.length > 1 ? `${title} ${segments.at(-1)!.name}` : title;
}
