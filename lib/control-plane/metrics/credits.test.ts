import { describe, expect, it } from 'vitest';
import { createCreditMeter, type NewestMinute } from './credits.ts';

const MINUTE = 60_000;
const SIZE = { perHour: 12, most: 288, first: 30, cpus: 1 };
const measured = (cpu: number) => new Map([['cpu_percent', { minimum: 0, maximum: 100, value: cpu }]]);
const meterOf = (newest: NewestMinute = () => undefined) =>
  createCreditMeter((id) => (id === 'burstable' ? SIZE : undefined), newest);
const remaining = (samples: ReadonlyMap<string, { value: number }>) => samples.get('cpu_credits_remaining')?.value;

describe('the credit meter', () => {
  it('counts what the processor did, minute by minute', () => {
    const meter = meterOf();
    const first = meter('burstable', 0, measured(100));
    expect(first.get('cpu_credits_consumed')?.value).toBe(1);
    expect(remaining(first)).toBeCloseTo(29.2);
    expect(remaining(meter('burstable', MINUTE, measured(0)))).toBeCloseTo(29.4);
    expect(first.get('cpu_percent')?.value).toBe(100);
  });

  it('goes on from what was kept, with what came in while nothing was measured', () => {
    const kept = new Map([['cpu_credits_remaining', { minimum: 40, maximum: 40, value: 40 }]]);
    const meter = meterOf(() => ({ minute: 0, samples: kept }));
    expect(remaining(meter('burstable', 60 * MINUTE, measured(0)))).toBeCloseTo(52);
  });

  it('leaves other servers, and minutes without a reading, as they are', () => {
    expect(remaining(meterOf()('other', 0, measured(50)))).toBeUndefined();
    expect(meterOf()('burstable', 0, new Map()).size).toBe(0);
  });
});
