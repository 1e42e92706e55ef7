import { setImmediate as breathe } from 'node:timers/promises';
import type { AlertCondition } from '../store/alert-conditions.ts';
import type { Database } from '../store/database.ts';
import { readSeries } from '../store/samples.ts';
import { judge, nextCondition, slide, type Criterion, type RuleManner } from './evaluate.ts';

const MINUTE = 60_000;

export interface PreviewedRule {
  criteria: readonly Criterion[];
  windowMs: number;
  frequencyMs: number;
  manner: RuleManner;
}

export interface Preview {
  /** When it would have fired, and when it would have been resolved; null: it would still be fired at the end. */
  alerts: { firedAt: number; resolvedAt: number | null }[];
  looks: number;
  /** Looks that found no data in some window that mattered. */
  looksWithoutData: number;
}

/**
 * What a rule would have done in the past: the very steps that the daemon takes each minute, over what was kept.
 *
 * @param span whole minutes.
 */
export async function previewRule(
  samples: Database,
  serverId: string,
  { criteria, windowMs, frequencyMs, manner }: PreviewedRule,
  { from, to }: { from: number; to: number },
): Promise<Preview> {
  const windowMinutes = windowMs / MINUTE;
  const steps = windowMinutes + (to - from) / MINUTE;
  const columns: (number | null)[][] = [];
  for (const { metricName, timeAggregation } of criteria) {
    const minutes = readSeries(samples, { serverId, metric: metricName, from: from - windowMs, stepMs: MINUTE, steps });
    columns.push(slide(minutes, windowMinutes, frequencyMs / MINUTE, timeAggregation));
    await breathe();
  }
  const preview: Preview = { alerts: [], looks: columns[0]?.length ?? 0, looksWithoutData: 0 };
  let condition: AlertCondition | undefined;
  let lastFiredAt: number | undefined;
  for (let look = 0; look < preview.looks; look++) {
    // The daemon has other things to do in between.
    if (look % 5_000 === 4_999) await breathe();
    const at = from + look * frequencyMs;
    const { outcome } = judge(
      criteria,
      columns.map((column) => column[look] ?? null),
    );
    if (outcome === 'NoData') preview.looksWithoutData += 1;
    const next = nextCondition(condition, outcome, at, manner, lastFiredAt);
    condition = next.condition;
    if (next.change === 'fire') {
      lastFiredAt = at;
      preview.alerts.push({ firedAt: at, resolvedAt: null });
      if (manner.autoMitigate) condition.alertId = String(preview.alerts.length);
    }
    if (next.change === 'resolve') {
      preview.alerts.at(-1)!.resolvedAt = at;
      condition.alertId = null;
    }
  }
  return preview;
}
