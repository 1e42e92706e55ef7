import { ServerLogsBlade } from '@/components/server-logs/server-logs-blade';
import { setLogParameters } from './actions';

export default function ServerLogsPage() {
  return <ServerLogsBlade setParameters={setLogParameters} />;
}
