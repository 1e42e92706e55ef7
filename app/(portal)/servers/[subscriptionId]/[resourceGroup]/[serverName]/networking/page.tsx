import { NetworkingBlade } from '@/components/networking/networking-blade';
import { putFirewallRule, removeFirewallRule } from './actions';

export default function NetworkingPage() {
  return <NetworkingBlade actions={{ putRule: putFirewallRule, removeRule: removeFirewallRule }} />;
}
