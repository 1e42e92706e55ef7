import type { Metadata } from 'next';
import { Deployment } from '@/components/servers/create/deployment';
import { putFirewallRule } from '../actions';

export const metadata: Metadata = { title: 'Deployment · Flexdeck' };

export default function DeploymentPage() {
  return <Deployment actions={{ putFirewallRule }} />;
}
