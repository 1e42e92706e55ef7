import { AlertsBlade } from '@/components/alerts/alerts-blade';
import {
  deleteActionGroup,
  deleteAlertRule,
  muteServer,
  putActionGroup,
  putAlertRule,
  renewSigningSecret,
  setAlertState,
  testActionGroup,
  unmuteServer,
} from './actions';

export default function AlertsPage() {
  return (
    <AlertsBlade
      actions={{
        putAlertRule,
        deleteAlertRule,
        putActionGroup,
        deleteActionGroup,
        testActionGroup,
        renewSigningSecret,
        setAlertState,
        muteServer,
        unmuteServer,
      }}
    />
  );
}
