import { HighAvailabilityBlade } from '@/components/high-availability/high-availability-blade';
import { disableHighAvailability, enableHighAvailability, failoverServer } from './actions';

export default function HighAvailabilityPage() {
  return (
    <HighAvailabilityBlade
      actions={{ enable: enableHighAvailability, disable: disableHighAvailability, failover: failoverServer }}
    />
  );
}
