import { ComputeStorageBlade } from '@/components/compute-storage/compute-storage-blade';
import { resizeServer, scheduleServer, setAutoStart, unscheduleServer } from './actions';

export default function ComputeStoragePage() {
  return (
    <ComputeStorageBlade
      actions={{
        resize: resizeServer,
        putSchedule: scheduleServer,
        deleteSchedule: unscheduleServer,
        putAutoStart: setAutoStart,
      }}
    />
  );
}
