import { describe, expect, it } from 'vitest';
import { computePerMonth } from './prices.ts';
import { instantOf, lastDue, nextDue, scheduledWeek, scheduleProblem, WEEKDAYS, type Schedule } from './schedules.ts';
import { findSku } from './skus.ts';

const utc = (text: string) => Date.parse(`${text}Z`);
const berlin = (time: string, days: Schedule['days'] = WEEKDAYS): Schedule => ({
  action: 'Stop',
  enabled: true,
  days,
  time,
  timeZone: 'Europe/Berlin',
});

describe('weekly times', () => {
  it.each<[string, string, string]>([
    ['before winter time', '2026-10-24T19:30', '2026-10-24T17:30'],
    ['after it', '2026-10-25T19:30', '2026-10-25T18:30'],
    ['what is shown twice, the first time', '2026-10-25T02:30', '2026-10-25T00:30'],
    ['what is never shown, as long after', '2026-03-29T02:30', '2026-03-29T01:30'],
    ['the hour after the gap', '2026-03-29T03:00', '2026-03-29T01:00'],
  ])('mean %s', (_, shown, instant) => {
    expect(new Date(instantOf(utc(shown), 'Europe/Berlin')).toISOString()).toBe(new Date(utc(instant)).toISOString());
  });

  it('come once a day, over the change to summer time and back, also where days are of the date line', () => {
    for (const [timeZone, from] of [
      ['Europe/Berlin', '2026-03-20T12:00'],
      ['Europe/Berlin', '2026-10-18T12:00'],
      ['Pacific/Auckland', '2026-09-20T12:00'],
      ['America/St_Johns', '2026-10-28T12:00'],
      ['Asia/Kathmandu', '2026-01-01T00:00'],
    ] as const) {
      const schedule = { ...berlin('02:30'), timeZone };
      const due: number[] = [];
      for (let at = utc(from); due.length < 14; at = due.at(-1)!) due.push(nextDue(schedule, at));
      const gaps = due.slice(1).map((at, index) => (at - due[index]!) / 3_600_000);
      expect(gaps.every((hours) => hours >= 22.5 && hours <= 25.5)).toBe(true);
      for (const at of due) expect(lastDue(schedule, at)).toBe(at);
      expect(lastDue(schedule, due[1]! - 1)).toBe(due[0]);
    }
  });

  it('keep to their days', () => {
    const due = nextDue(berlin('00:15', ['Monday']), utc('2026-11-22T22:00'));
    expect(new Date(due).toISOString()).toBe('2026-11-22T23:15:00.000Z');
  });

  it.each<[string, Partial<Schedule>, string]>([
    ['no day', { days: [] }, 'days'],
    ['a day twice', { days: ['Monday', 'Monday'] }, 'days'],
    ['no time', { time: '24:00' }, 'time'],
    ['a zone that is none', { timeZone: 'Europe/Atlantis' }, 'timeZone'],
    ['an offset for a zone', { timeZone: '+02:00' }, 'timeZone'],
    ['a size to stop at', { sku: { name: 'Standard_B1ms', tier: 'Burstable' } }, 'sku'],
    ['nothing to scale to', { action: 'Scale' }, 'sku'],
    ['a size of another tier', { action: 'Scale', sku: { name: 'Standard_B1ms', tier: 'GeneralPurpose' } }, 'sku.tier'],
  ])('are refused with %s', (_, change, target) => {
    expect(scheduleProblem({ ...berlin('19:00'), ...change })?.target).toBe(target);
  });
});

describe('what schedules save', () => {
  const sku = findSku('Standard_D4ds_v4')!;
  const work = WEEKDAYS.slice(1, 6);
  const nights: Schedule[] = [berlin('19:00', work), { ...berlin('07:00', work), action: 'Start' }];
  const week = (schedules: Schedule[], standby = false) =>
    scheduledWeek({ sku, standby }, schedules, utc('2026-06-03T09:00'));

  it('is the hours in which the server is stopped', () => {
    const { stoppedHours, savedPerMonth, computePerMonth: paid } = week(nights);
    expect(stoppedHours).toBeCloseTo(4 * 12 + 60);
    expect(savedPerMonth).toBeCloseTo((computePerMonth(sku) * 108) / 168);
    expect(paid + savedPerMonth).toBeCloseTo(computePerMonth(sku));
  });

  it('is twice that with a standby', () => {
    expect(week(nights, true).savedPerMonth).toBeCloseTo(2 * week(nights).savedPerMonth);
  });

  it('is the difference of the sizes that it is scaled between', () => {
    const [small, large] = ['Standard_D2ds_v4', 'Standard_D4ds_v4'].map((name) => ({ name, tier: 'GeneralPurpose' }));
    const half = week([
      { ...berlin('20:00'), action: 'Scale', sku: small },
      { ...berlin('08:00'), action: 'Scale', sku: large },
    ]);
    expect(half.stoppedHours).toBe(0);
    expect(half.savedPerMonth).toBeCloseTo(computePerMonth(sku) / 4);
  });

  it('is nothing without any, or with those that are off', () => {
    expect(week([]).savedPerMonth).toBeCloseTo(0);
    expect(week(nights.map((one) => ({ ...one, enabled: false }))).savedPerMonth).toBeCloseTo(0);
  });

  it('is everything when it is stopped and never started', () => {
    expect(week([berlin('19:00')])).toMatchObject({ stoppedHours: 168, computePerMonth: 0 });
  });
});
