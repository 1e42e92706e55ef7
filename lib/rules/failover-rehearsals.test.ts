import { describe, expect, it } from 'vitest';
import type { FailoverRehearsal } from '../arm/local/failover-rehearsal.ts';
import { describeRehearsal, FINDINGS, formatGap, rehearsalCsv, rehearsalName } from './failover-rehearsals.ts';

const KEY = { subscriptionId: 's', resourceGroup: 'g', serverName: 'orders' };

const rehearsal: FailoverRehearsal = {
  id: '',
  name: 'one',
  properties: {
    kind: 'KillPrimary',
    writers: 4,
    state: 'Succeeded',
    startTime: '2026-11-22T23:15:00Z',
    report: {
      mysqlVersion: '9.7.0',
      zonesBefore: { primary: '1', standby: '2' },
      zonesAfter: { primary: '2', standby: '1' },
      acknowledgedWrites: 12_345,
      acknowledgedAndLost: 0,
      lostRows: [],
      comparedOn: ['primary', 'standby'],
      longestGapMilliseconds: 141.6,
      longestGapStart: 2000,
      usualGapMilliseconds: 9.2,
      refusedConnections: 0,
      lostConnections: 4,
      errors: {},
      phases: [],
    },
    samples: { bucketMilliseconds: 10, acknowledged: [5, 0], refused: [0, 1], lost: [0, 4] },
  },
};

describe('failover rehearsals', () => {
  it('have a name that a resource may have', () => {
    expect(rehearsalName('KillPrimary', new Date('2026-11-22T23:15:00Z'))).toBe('KillPrimary-20261122-231500');
  });

  it('say what is sent, and that clients feel it', () => {
    const change = describeRehearsal(KEY, { name: 'one', kind: 'Planned', writers: 2 });
    expect(change.resourceId).toMatch(/flexibleServers\/orders\/providers\/Flexdeck\.Local\/failoverRehearsals\/one$/);
    expect(change.azCommand).toContain('"kind":"Planned"');
    expect(change.restarts).toMatch(/real failover/);
  });

  it('come out in words', () => {
    const words = Object.fromEntries(FINDINGS.map(({ label, value }) => [label, value(rehearsal)]));
    expect(words).toMatchObject({
      'Acknowledged writes': '12,345',
      'Acknowledged and lost': '0',
      'Longest gap in writes': '142 ms',
      Primary: 'zone 1 → zone 2',
    });
    expect(formatGap(2310)).toBe('2.31 s');
    expect(formatGap(12_340)).toBe('12.3 s');
  });

  it('are a table', () => {
    expect(rehearsalCsv(rehearsal).split('\r\n')).toEqual([
      'milliseconds,acknowledged_writes,refused_connections,lost_sessions',
      '0,5,0,0',
      '10,0,1,4',
      '',
    ]);
  });
});
