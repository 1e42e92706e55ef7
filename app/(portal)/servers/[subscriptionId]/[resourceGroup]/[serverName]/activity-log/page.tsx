import { ActivityLogBlade } from '@/components/activity-log/activity-log-blade';

export default function ActivityLogPage() {
  return <ActivityLogBlade />;
}
