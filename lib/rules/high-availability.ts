import type { Activity } from './activity.ts';
import type { Tier } from './skus.ts';

/** Modes of ARM's `highAvailability.mode` besides `Disabled`. */
export const HIGH_AVAILABILITY_MODES = ['ZoneRedundant', 'SameZone'] as const;

const MODE_WORDS: Record<string, string> = {
  ZoneRedundant: 'Zone redundant',
  SameZone: 'Same zone',
  Disabled: 'Off',
};

/** A mode for people: `ZoneRedundant` is "Zone redundant". */
export function highAvailabilityModeWords(mode: string): string {
  return MODE_WORDS[mode] ?? mode;
}

/** States for people: `CreatingStandby` is "creating standby". */
export function highAvailabilityStateWords(state: string): string {
  return state === 'Healthy' ? state : state.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}

/** Those that a tier offers. Source: Azure's limitations of high availability. */
export function highAvailabilityModes(tier: Tier): readonly string[] {
  return tier === 'Burstable' ? [] : HIGH_AVAILABILITY_MODES;
}

/** Undefined when a server may have a standby; otherwise why not and what would enable it. */
export function highAvailabilityProblem(
  mode: string,
  { tier, autoGrow }: { tier: Tier; autoGrow: boolean },
): string | undefined {
  if (mode === 'Disabled') return undefined;
  if (!highAvailabilityModes(tier).includes(mode)) {
    return 'High availability is not available for Burstable servers. Choose a General Purpose or Memory Optimized size.';
  }
  if (!autoGrow) return 'High availability needs storage that grows by itself. Enable storage auto-growth.';
  return undefined;
}

/** States of ARM's `highAvailability.state`, in words for people. */
const STATES: Record<string, { words: string; standby: string; passing?: true }> = {
  NotEnabled: {
    words: 'There is one copy of this server. If it fails, clients wait until it is back.',
    standby: 'none',
  },
  CreatingStandby: {
    words:
      'The standby is being made, or is catching up. Until it has, nothing fails over: a primary that fails is started again on its own data.',
    standby: 'being built',
    passing: true,
  },
  Healthy: {
    words: 'The standby has every commit that was acknowledged. It takes over by itself when the primary is lost.',
    standby: 'Healthy',
  },
  FailingOver: {
    words: 'The standby is taking over. Clients wait until it has.',
    standby: 'taking over',
    passing: true,
  },
  RemovingStandby: {
    words: 'The standby is being removed. The primary goes on alone.',
    standby: 'being removed',
    passing: true,
  },
};

/** What a state means (`words`), what the standby is (`standby`), and whether it passes by itself. */
export function highAvailabilityState(state: string): { words: string; standby: string; passing: boolean } {
  const { words, standby, passing } = STATES[state] ?? { words: `High availability is ${state}.`, standby: state };
  return { words, standby, passing: passing === true };
}

/** Undefined when the standby can take over; otherwise why not and what would enable it. */
export function failoverProblem({ mode, state }: { mode: string; state: string }): string | undefined {
  if (mode === 'Disabled') return 'The server has no high availability. Enable it first.';
  if (state === 'Healthy') return undefined;
  return `The standby can’t take over while high availability is ${state}. Wait until it is Healthy.`;
}

/** True for what the activity log tells of failovers and standbys. @param operation `…/flexibleServers/failover/action` */
export function isHighAvailabilityOperation(operation: string): boolean {
  return /\/(flexibleServers\/(failover|rebuildStandby|standbyLost)\/action|failoverRehearsals\/write)$/i.test(
    operation,
  );
}

/** The same for one thing that was done: changes and restarts count where their story is one of high availability. */
export function isHighAvailabilityActivity({ operation, events }: Pick<Activity, 'operation' | 'events'>): boolean {
  if (isHighAvailabilityOperation(operation)) return true;
  return events.some(({ description }) => /^(High availability |Planned failover )/.test(description ?? ''));
}
