import type { FrontCounters } from '../../gateway/protocol.ts';
import { NO_READINGS, type Readings } from '../readings.ts';

/**
 * What the gateway counted for a server, over all of its fronts.
 *
 * @param life of the gateway's process. A front that is listened on again counts from 0 again, too: it then falls.
 */
export function gatewayReadings(counters: readonly FrontCounters[], serverId: string, life: string): Readings {
  const fronts = counters.filter((front) => front.serverId === serverId);
  if (fronts.length === 0) return NO_READINGS;
  const sum = (member: 'bytesIn' | 'bytesOut' | 'opened' | 'activeSessions') =>
    fronts.reduce((total, front) => total + front[member], 0);
  return {
    life,
    counters: new Map([
      ['network_bytes_ingress', sum('bytesIn')],
      ['network_bytes_egress', sum('bytesOut')],
      ['total_connections', sum('opened')],
    ]),
    levels: new Map([['active_connections', sum('activeSessions')]]),
  };
}
