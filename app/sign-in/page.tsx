import { Landing } from '@/components/blade/landing';
import { portalSettings } from '../portal-settings';

/** Sent by the proxy in place of every page while nobody is signed in. */
export default async function SignInPage() {
  const { settings, problem } = await portalSettings();
  return settings && <Landing settings={settings} problem={problem} />;
}
