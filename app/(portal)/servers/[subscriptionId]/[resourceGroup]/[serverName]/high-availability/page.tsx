import { HighAvailabilityBlade } from '@/components/high-availability/high-availability-blade';
import {
  changeZone,
  deleteFailoverRehearsal,
  disableHighAvailability,
  enableHighAvailability,
  failoverServer,
  forceFailover,
  rehearseFailover,
} from './actions';

export default function HighAvailabilityPage() {
  return (
    <HighAvailabilityBlade
      actions={{
        enable: enableHighAvailability,
        disable: disableHighAvailability,
        failover: failoverServer,
        force: forceFailover,
        rehearse: rehearseFailover,
        deleteRehearsal: deleteFailoverRehearsal,
        changeZone,
      }}
    />
  );
}
