import { DatabasesBlade } from '@/components/databases/databases-blade';
import { createDatabase, deleteDatabase } from './actions';

export default function DatabasesPage() {
  return <DatabasesBlade actions={{ create: createDatabase, remove: deleteDatabase }} />;
}
