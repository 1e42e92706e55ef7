import { ConnectBlade } from '@/components/connect/connect-blade';
import { putFirewallRule } from '../networking/actions';

export default function ConnectPage() {
  return <ConnectBlade actions={{ putRule: putFirewallRule }} />;
}
