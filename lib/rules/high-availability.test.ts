import { describe, expect, it } from 'vitest';
import type { ActivityEvent } from '../arm/insights/activity-log.ts';
import { nextState, TRANSITIONS } from '../control-plane/ha/state-machine.ts';
import {
  failoverProblem,
  highAvailabilityProblem,
  highAvailabilityState,
  isHighAvailabilityActivity,
  isHighAvailabilityOperation,
} from './high-availability.ts';

describe('high availability', () => {
  it('wants a size and storage that allow it', () => {
    expect(highAvailabilityProblem('SameZone', { tier: 'GeneralPurpose', autoGrow: true })).toBeUndefined();
    expect(highAvailabilityProblem('SameZone', { tier: 'Burstable', autoGrow: true })).toMatch(/Burstable/);
    expect(highAvailabilityProblem('ZoneRedundant', { tier: 'MemoryOptimized', autoGrow: false })).toMatch(
      /auto-growth/,
    );
  });

  it('has words for every state that a running server can be in', () => {
    const states = new Set(TRANSITIONS.flatMap(({ from, to }) => [from, to]));
    states.delete('Resting');
    for (const state of states) expect(highAvailabilityState(state).words).not.toContain(state);
    expect(highAvailabilityState('Unheard')).toEqual({
      words: 'High availability is Unheard.',
      standby: 'Unheard',
      passing: false,
    });
  });

  it('offers a failover only where the standby may be promoted', () => {
    for (const { from } of TRANSITIONS) {
      const promotable = nextState(from, 'FailoverAsked') !== undefined;
      expect(failoverProblem({ mode: 'SameZone', state: from }) === undefined, from).toBe(promotable);
    }
    expect(failoverProblem({ mode: 'Disabled', state: 'NotEnabled' })).toMatch(/Enable it first/);
  });

  it('knows its entries of the activity log', () => {
    expect(isHighAvailabilityOperation('Microsoft.DBforMySQL/flexibleServers/failover/action')).toBe(true);
    expect(isHighAvailabilityOperation('Flexdeck.Local/flexibleServers/rebuildStandby/action')).toBe(true);
    expect(isHighAvailabilityOperation('Flexdeck.Local/flexibleServers/standbyLost/action')).toBe(true);
    expect(isHighAvailabilityOperation('Flexdeck.Local/failoverRehearsals/write')).toBe(true);
    const restart = 'Microsoft.DBforMySQL/flexibleServers/restart/action';
    expect(isHighAvailabilityOperation(restart)).toBe(false);
    const story = (description: string) => ({ operation: restart, events: [{ description } as ActivityEvent] });
    expect(isHighAvailabilityActivity(story('Planned failover from zone 1 to zone 2. It was restarted.'))).toBe(true);
    expect(isHighAvailabilityActivity(story('High availability was enabled (SameZone).'))).toBe(true);
    expect(isHighAvailabilityActivity(story(''))).toBe(false);
  });
});
