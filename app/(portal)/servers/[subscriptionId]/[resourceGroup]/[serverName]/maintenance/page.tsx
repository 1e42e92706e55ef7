import { MaintenanceBlade } from '@/components/maintenance/maintenance-blade';
import {
  checkUpgrade,
  rescheduleMaintenance,
  setMaintenancePolicy,
  setMaintenanceWindow,
  upgradeServer,
} from './actions';

export default function MaintenancePage() {
  return (
    <MaintenanceBlade
      actions={{
        setWindow: setMaintenanceWindow,
        setPolicy: setMaintenancePolicy,
        reschedule: rescheduleMaintenance,
        checkUpgrade,
        upgrade: upgradeServer,
      }}
    />
  );
}
