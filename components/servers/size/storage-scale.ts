/** Positions of the storage slider: each is the same factor more than the one before it. */
export const SCALE_STEPS = 200;

/** Where `gib` stands on the slider, 0 to `SCALE_STEPS`. */
export function positionOf(gib: number, min: number, max: number): number {
  const inside = Number.isNaN(gib) ? min : Math.min(Math.max(gib, min), max);
  return Math.round((Math.log(inside / min) / Math.log(max / min)) * SCALE_STEPS);
}

/** The storage at a position, rounded to two digits that people use: 48, 50, 260, 1100. */
export function storageAt(position: number, min: number, max: number): number {
  if (position <= 0) return min;
  if (position >= SCALE_STEPS) return max;
  const exact = min * (max / min) ** (position / SCALE_STEPS);
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(exact)) - 1);
  return Math.min(Math.max(Math.round(exact / unit) * unit, min), max);
}
