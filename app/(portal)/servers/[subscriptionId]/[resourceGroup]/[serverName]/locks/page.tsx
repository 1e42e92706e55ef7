import { LocksBlade } from '@/components/locks/locks-blade';
import { lockServer, unlockServer } from './actions';

export default function LocksPage() {
  return <LocksBlade actions={{ put: lockServer, remove: unlockServer }} />;
}
