import { DeletedServersBlade } from '@/components/backup/deleted-servers-blade';
import { restoreDeletedServer } from './actions';

export default function DeletedServersPage() {
  return <DeletedServersBlade restore={restoreDeletedServer} />;
}
