import { AlertsBlade } from '@/components/alerts/alerts-blade';
import * as actions from './actions';

export default function AlertsPage() {
  return <AlertsBlade actions={{ ...actions }} />;
}
