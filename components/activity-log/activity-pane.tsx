import { CodeBlock } from '@/components/ui/code-block';
import { DefinitionList } from '@/components/ui/definition-list';
import { SidePane } from '@/components/ui/dialog';
import { Notice } from '@/components/ui/notice';
import { Time } from '@/components/ui/time';
import type { Activity } from '@/lib/rules/activity';
import { ActivityStatus, activityTitle } from './activity-words';

/** One entry of the log in full: what was asked, by whom, from where, how it ended, and ARM's own JSON. */
export function ActivityPane({ activity, onClose }: { activity: Activity | undefined; onClose: () => void }) {
  return (
    <SidePane
      isOpen={activity !== undefined}
      onClose={onClose}
      title={activity ? activityTitle(activity) : ''}
      width="wide"
    >
      {activity && (
        <div className="grid gap-4 [&>*]:min-w-0">
          {activity.error && (
            <Notice tone="bad" title="It failed.">
              {activity.error}
            </Notice>
          )}
          {activity.story && <p className="max-w-prose">{activity.story}</p>}
          <DefinitionList
            columns={1}
            items={[
              { term: 'Status', value: <ActivityStatus status={activity.status} /> },
              { term: 'Time', value: <Time value={activity.at} mode="zoned" seconds /> },
              { term: 'By', value: activity.caller },
              { term: 'From', value: activity.events[0]?.httpRequest?.clientIpAddress ?? '–', mono: true },
              { term: 'Permission', value: activity.operation, mono: true },
              { term: 'Resource', value: activity.resourceId, copy: activity.resourceId, mono: true },
              { term: 'Correlation id', value: activity.correlationId, copy: activity.correlationId, mono: true },
            ]}
          />
          <CodeBlock label="Events as JSON" code={JSON.stringify(activity.events, null, 2)} maxHeight={420} />
        </div>
      )}
    </SidePane>
  );
}
