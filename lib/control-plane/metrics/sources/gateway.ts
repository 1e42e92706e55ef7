import type { FrontCounters } from '../../gateway/protocol.ts';
import { NO_READINGS, type Readings } from '../readings.ts';

/**
 * What the gateway counted for a server's clients. Its standby comes in by a port of its own, and is no client.
 *
 * @param of the server, and the port of its clients.
 * @param life of the gateway's process. A front that is listened on again counts from 0 again, too: it then falls.
 */
export function gatewayReadings(
  counters: readonly FrontCounters[],
  of: { serverId: string; port: number },
  life: string,
): Readings {
  const fronts = counters.filter(({ serverId, port }) => serverId === of.serverId && port === of.port);
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
