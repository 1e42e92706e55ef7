import { ComputeStorageBlade } from '@/components/compute-storage/compute-storage-blade';
import { resizeServer } from './actions';

export default function ComputeStoragePage() {
  return <ComputeStorageBlade actions={{ resize: resizeServer }} />;
}
