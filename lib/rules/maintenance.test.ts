import { describe, expect, it } from 'vitest';
import { compareBuilds, newerBuild, nextWindow, plannedStart, type Maintained } from './maintenance.ts';

const utc = (text: string) => Date.parse(`${text}Z`);
const iso = (at: number) => new Date(at).toISOString().slice(0, 16);
const custom = (dayOfWeek: number, startHour: number, batchOfMaintenance = 'Default'): Maintained => ({
  window: { customWindow: 'Enabled', dayOfWeek, startHour, startMinute: 30, batchOfMaintenance },
  location: 'westeurope',
  seed: 'a',
});
const managed = (location: string, seed: string): Maintained => ({
  window: { customWindow: 'Disabled', dayOfWeek: 0, startHour: 0, startMinute: 0 },
  location,
  seed,
});

describe('windows', () => {
  it('of one’s own come at that day and time in UTC', () => {
    expect(iso(nextWindow(custom(1, 3), utc('2026-11-23T03:30')))).toBe('2026-11-23T03:30');
    expect(iso(nextWindow(custom(1, 3), utc('2026-11-23T03:31')))).toBe('2026-11-30T03:30');
    expect(iso(nextWindow(custom(0, 0), utc('2026-12-31T12:00')))).toBe('2027-01-03T00:30');
  });

  it('of the service are at night where the server is, before and after the clocks change', () => {
    for (const location of ['eastus', 'westeurope', 'australiaeast', 'brazilsouth', 'japaneast']) {
      for (const from of ['2026-03-27T12:00', '2026-10-23T12:00', '2026-11-01T00:00', '2026-04-04T09:00']) {
        for (const seed of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) {
          let at = utc(from);
          for (let night = 0; night < 4; night++) {
            const next = nextWindow(managed(location, seed), at);
            expect(next).toBeGreaterThanOrEqual(at);
            expect(next - at).toBeLessThanOrEqual(25 * 3_600_000);
            at = next + 1;
          }
        }
      }
    }
    const winter = nextWindow(managed('westeurope', 'a'), utc('2026-10-25T12:00'));
    const summer = nextWindow(managed('westeurope', 'a'), utc('2026-10-23T12:00'));
    expect(new Date(winter).getUTCHours() - new Date(summer).getUTCHours()).toBe(1);
  });

  it('come a week after people are told, for the second batch a week later', () => {
    expect(iso(plannedStart(custom(1, 3), utc('2026-11-23T00:00')))).toBe('2026-11-30T03:30');
    expect(iso(plannedStart(custom(1, 3, 'Batch1'), utc('2026-11-23T00:00')))).toBe('2026-11-30T03:30');
    expect(iso(plannedStart(custom(1, 3, 'Batch2'), utc('2026-11-23T00:00')))).toBe('2026-12-07T03:30');
  });
});

describe('builds', () => {
  const build = (fullVersion: string, registeredAt = 0) => ({
    fullVersion,
    series: fullVersion.split('.').slice(0, 2).join('.'),
    registeredAt,
  });

  it('are newer by version as numbers, then by when they came', () => {
    expect(compareBuilds(build('9.7.10'), build('9.7.9', 5))).toBeGreaterThan(0);
    expect(compareBuilds(build('9.7.4', 2), build('9.7.4', 1))).toBeGreaterThan(0);
    expect(compareBuilds(build('9.7.4'), build('9.7.4'))).toBe(0);
  });

  it('of the same version come from where the present one does, or from a person', () => {
    const from = (source: string, registeredAt: number) => ({ ...build('9.7.4', registeredAt), source });
    expect(newerBuild(from('debian', 1), [from('debian', 2)])).toBeDefined();
    expect(newerBuild(from('path', 0), [from('debian', 2)])).toBeUndefined();
    expect(newerBuild(from('path', 0), [from('registered', 2)])).toBeDefined();
  });

  it('replace only their own series, and only when newer', () => {
    const builds = [build('8.4.6'), build('9.7.4'), build('9.7.6'), build('9.7.5')];
    expect(newerBuild(build('9.7.4'), builds)?.fullVersion).toBe('9.7.6');
    expect(newerBuild(build('8.4.6'), builds)).toBeUndefined();
    expect(newerBuild(build('9.7.6'), builds)).toBeUndefined();
  });
});
