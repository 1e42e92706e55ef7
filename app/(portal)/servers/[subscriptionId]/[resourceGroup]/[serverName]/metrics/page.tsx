import { MetricsBlade } from '@/components/metrics/metrics-blade';

export default function MetricsPage() {
  return <MetricsBlade />;
}
