import { MaintenanceBlade } from '@/components/maintenance/maintenance-blade';
import { rescheduleMaintenance, setMaintenancePolicy, setMaintenanceWindow } from './actions';

export default function MaintenancePage() {
  return (
    <MaintenanceBlade
      actions={{ setWindow: setMaintenanceWindow, setPolicy: setMaintenancePolicy, reschedule: rescheduleMaintenance }}
    />
  );
}
