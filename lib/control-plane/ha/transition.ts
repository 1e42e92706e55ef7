import { transaction, type Database } from '../store/database.ts';
import { readServer, updateServer, type HaState } from '../store/servers.ts';
import { nextState, type HaEvent } from './state-machine.ts';

/**
 * Records durably that something has happened to a server's high availability.
 *
 * @param event.reason why, a sentence for people; null when there is nothing to say.
 * @throws {Error} when it cannot happen in the state that the server is in.
 */
export function recordHaEvent(
  database: Database,
  serverId: string,
  { when, reason, at }: { when: HaEvent; reason: string | null; at: number },
): HaState {
  return transaction(database, () => {
    const { haState } = readServer(database, serverId);
    const to = nextState(haState, when);
    if (!to) throw new Error(`High availability is ${haState}: ${when} cannot happen.`);
    updateServer(database, serverId, { haState: to, haReason: reason, haSince: at });
    return to;
  });
}
