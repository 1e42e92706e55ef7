import { expect, it } from 'vitest';
import { marksOf, type ChartEvent } from './chart-model';

it('marks a step once, however much happened in it, and badly where one thing was bad', () => {
  const event = (at: number, tone: ChartEvent['tone']): ChartEvent => ({ at, label: '', tone });
  const events = [event(105, 'ok'), event(109, 'bad'), event(101, 'off'), event(125, 'ok'), event(999, 'off')];
  expect([...marksOf(events, [100, 110, 120], 10)]).toEqual([
    [0, 'bad'],
    [2, 'off'],
  ]);
});
