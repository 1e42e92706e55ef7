import type { Tier } from './skus.ts';

/** Modes of ARM's `highAvailability.mode` besides `Disabled`. */
export const HIGH_AVAILABILITY_MODES = ['ZoneRedundant', 'SameZone'] as const;

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
