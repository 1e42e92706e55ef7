import { MaintenanceBlade } from '@/components/maintenance/maintenance-blade';
import { rescheduleMaintenance, setMaintenanceWindow } from './actions';

export default function MaintenancePage() {
  return <MaintenanceBlade actions={{ setWindow: setMaintenanceWindow, reschedule: rescheduleMaintenance }} />;
}
