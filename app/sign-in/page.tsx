import { Landing } from '@/components/blade/landing';
import { portalSettings, signInProblem } from '../portal-settings';

/** Sent by the proxy in place of every page while nobody is signed in. */
export default async function SignInPage() {
  const { settings } = await portalSettings();
  return settings && <Landing settings={settings} problem={await signInProblem()} />;
}
