import { describe, expect, it } from 'vitest';
import type { CheckFacts, LastHour } from '../arm/insights/check-facts.ts';
import { checkServer } from './server-checks.ts';

const QUIET: LastHour = {
  storagePercent: 10,
  cpuPercent: 5,
  memoryPercent: 40,
  connections: 3,
  slowQueries: 0,
  failedConnections: 0,
  deadlocks: 0,
};

const NOW = Date.UTC(2026, 1, 1);

function ending(day: string) {
  return { validFrom: '2024-01-01T00:00:00Z', validTo: `${day}T00:00:00Z`, renewedFrom: '2025-12-01T00:00:00Z' };
}

const WELL: CheckFacts = {
  state: 'Ready',
  tier: 'GeneralPurpose',
  highAvailability: { mode: 'ZoneRedundant', state: 'Healthy' },
  earliestRestoreDate: '2026-01-31T10:00:00Z',
  isPublic: true,
  firewallRules: [{ startIpAddress: '203.0.113.1', endIpAddress: '203.0.113.9' }],
  maxConnections: 100,
  lastHour: QUIET,
  certificate: {
    validFrom: '2026-01-01T00:00:00Z',
    validTo: '2028-03-01T00:00:00Z',
    renewedFrom: '2027-12-01T00:00:00Z',
  },
  alertRules: 3,
};

describe('looking a server over', () => {
  it('finds nothing with one that is well', () => {
    expect(checkServer(WELL, NOW).filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
  });

  it.each<[string, Partial<CheckFacts>, string, string]>([
    ['stopped', { state: 'Stopped' }, 'running', 'warn'],
    ['given up', { state: 'Disabled', stateReason: 'It ended five times.' }, 'running', 'bad'],
    ['almost full', { lastHour: { ...QUIET, storagePercent: 90 } }, 'storage', 'warn'],
    ['full', { lastHour: { ...QUIET, storagePercent: 96 } }, 'storage', 'bad'],
    ['near its connections', { lastHour: { ...QUIET, connections: 81 } }, 'connections', 'warn'],
    ['not measured', { lastHour: { ...QUIET, storagePercent: null } }, 'storage', 'unknown'],
    ['unread', { lastHour: undefined }, 'storage', 'unknown'],
    ['without its standby', { highAvailability: { mode: 'SameZone', state: 'NotEnabled' } }, 'standby', 'bad'],
    ['making its standby', { highAvailability: { mode: 'SameZone', state: 'CreatingStandby' } }, 'standby', 'warn'],
    ['alone', { highAvailability: { mode: 'Disabled', state: 'NotEnabled' } }, 'standby', 'advice'],
    ['without a backup', { earliestRestoreDate: null }, 'backup', 'warn'],
    [
      'open to all',
      { firewallRules: [{ startIpAddress: '0.0.0.0', endIpAddress: '255.255.255.255' }] },
      'firewall',
      'bad',
    ],
    [
      'open to a /8',
      { firewallRules: [{ startIpAddress: '10.0.0.0', endIpAddress: '10.255.255.255' }] },
      'firewall',
      'warn',
    ],
    ['closed to all', { firewallRules: [] }, 'firewall', 'warn'],
    ['not renewed', { certificate: ending('2026-03-01') }, 'certificate', 'warn'],
    ['expired', { certificate: ending('2026-01-31') }, 'certificate', 'bad'],
    ['with an unread certificate', { certificate: undefined }, 'certificate', 'unknown'],
    ['slow', { lastHour: { ...QUIET, slowQueries: 4 } }, 'slow', 'warn'],
    ['unwatched', { alertRules: 0 }, 'watched', 'advice'],
  ])('%s', (_, change, id, verdict) => {
    const checks = checkServer({ ...WELL, ...change }, NOW);
    expect(checks.find((check) => check.id === id)?.verdict).toBe(verdict);
    expect(checks[0]!.id).toBe(id);
  });

  it('says nothing of a certificate where the cloud does not', () => {
    expect(checkServer({ ...WELL, certificate: null }, NOW).some(({ id }) => id === 'certificate')).toBe(false);
  });

  it('says what to do about what can be done something about', () => {
    const checks = checkServer({ ...WELL, alertRules: 0, firewallRules: [], earliestRestoreDate: null }, NOW);
    for (const check of checks) if (check.verdict === 'warn') expect(check.fix, check.id).toBeDefined();
  });
});
