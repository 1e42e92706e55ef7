import { creditsAfter, type CpuCredits } from '../../rules/cpu-credits.ts';
import type { MinuteSample } from '../store/sample-hour.ts';

const MINUTE = 60_000;
const CONSUMED = 'cpu_credits_consumed';
const REMAINING = 'cpu_credits_remaining';

/** What one server's credits are counted by. */
export interface CreditedServer extends CpuCredits {
  /** Processors that 100 % of `cpu_percent` are. */
  cpus: number;
}

/** The newest minute that was kept of a server, if it is known. */
export type NewestMinute = (
  serverId: string,
) => { minute: number; samples: ReadonlyMap<string, MinuteSample> } | undefined;

/**
 * Adds a burstable server's CPU credits to what was measured of a minute: used by what its processor did, got by the hour,
 * also in the minutes in which nothing was measured.
 */
export function createCreditMeter(creditsOf: (serverId: string) => CreditedServer | undefined, newest: NewestMinute) {
  const last = new Map<string, { minute: number; remaining: number }>();

  function before(serverId: string): { minute: number; remaining: number } | undefined {
    const known = last.get(serverId);
    if (known) return known;
    const found = newest(serverId);
    const remaining = found?.samples.get(REMAINING)?.value;
    return found && remaining !== undefined ? { minute: found.minute, remaining } : undefined;
  }

  return (
    serverId: string,
    minute: number,
    measured: ReadonlyMap<string, MinuteSample>,
  ): ReadonlyMap<string, MinuteSample> => {
    const server = creditsOf(serverId);
    const cpu = measured.get('cpu_percent');
    if (!server || !cpu) return measured;
    const consumed = (cpu.value / 100) * server.cpus;
    const earlier = before(serverId);
    const elapsed = earlier ? Math.max(MINUTE, minute - earlier.minute) : MINUTE;
    const remaining = creditsAfter(server, earlier?.remaining, elapsed, consumed);
    last.set(serverId, { minute, remaining });
    return new Map([...measured, [CONSUMED, sample(consumed)], [REMAINING, sample(remaining)]]);
  };
}

function sample(level: number): MinuteSample {
  const value = Math.round(level * 100) / 100;
  return { minimum: value, maximum: value, value };
}
