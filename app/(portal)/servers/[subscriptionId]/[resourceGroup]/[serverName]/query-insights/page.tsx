import { QueryInsightsBlade } from '@/components/query-insights/query-insights-blade';
import { explainStatement, killSession } from './actions';

export default function QueryInsightsPage() {
  return <QueryInsightsBlade actions={{ explain: explainStatement, kill: killSession }} />;
}
