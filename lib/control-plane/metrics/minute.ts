import type { MinuteSample } from '../store/sample-hour.ts';

/**
 * Gathers what was read within one minute and makes its sample of it. A counter's is how much it rose in all; a level's
 * is the mean of its readings, with the lowest and the highest. So every minute counts once in each sum, as in Azure.
 */
export interface MinuteBuilder {
  add(rises: ReadonlyMap<string, number>, levels: ReadonlyMap<string, number>): void;
  /** Empty when nothing was added. */
  finish(): Map<string, MinuteSample>;
}

export function buildMinute(): MinuteBuilder {
  const counters = new Map<string, number>();
  const levels = new Map<string, { minimum: number; maximum: number; sum: number; count: number }>();
  return {
    add(rises, readings) {
      for (const [name, rise] of rises) counters.set(name, (counters.get(name) ?? 0) + rise);
      for (const [name, level] of readings) {
        const known = levels.get(name) ?? { minimum: level, maximum: level, sum: 0, count: 0 };
        levels.set(name, {
          minimum: Math.min(known.minimum, level),
          maximum: Math.max(known.maximum, level),
          sum: known.sum + level,
          count: known.count + 1,
        });
      }
    },
    finish() {
      const samples = new Map<string, MinuteSample>();
      for (const [name, rise] of counters) {
        const value = rounded(rise);
        samples.set(name, { minimum: value, maximum: value, value });
      }
      for (const [name, { minimum, maximum, sum, count }] of levels) {
        const value = rounded(sum / count);
        samples.set(name, { minimum: rounded(minimum), maximum: rounded(maximum), value });
      }
      return samples;
    },
  };
}

/** Two decimals are what anybody reads, and pack well. */
function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
