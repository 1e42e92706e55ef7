import { expect, it } from 'vitest';
import { pathsOf } from './chart-lines.tsx';

it('leaves gaps open, and shows what stands alone between them', () => {
  const [paths] = pathsOf({
    times: [0, 1, 2, 3, 4, 5],
    series: [
      {
        id: 'a',
        label: 'A',
        unit: 'Count',
        values: [0, 10, null, 5, null, 10],
        range: { minimum: [0, 5, null, 5, null, 10], maximum: [0, 10, null, 10, null, 10] },
      },
    ],
    axes: [{ unit: 'Count', ticks: [0, 10], highest: 10 }],
    plot: { left: 0, top: 0, width: 50, height: 100 },
  });
  expect(paths!.values).toBe('M0,100L10,0M30,50ZM50,0Z');
  expect(paths!.alone).toBe('M30.0,50.0h0M50.0,0.0h0');
  expect(paths!.range).toMatch(/^M0,100L10,0L10,50L0,100ZM30,0L30,50Z/);
});
