/** How long something took, to three digits: `1.23 s`, `4.5 ms`, `12 µs`. */
export function formatSeconds(seconds: number): string {
  if (seconds === 0) return '0 s';
  if (seconds >= 7200) return `${(seconds / 3600).toFixed(1)} h`;
  if (seconds >= 120) return `${(seconds / 60).toFixed(1)} min`;
  if (seconds >= 1) return `${digits(seconds)} s`;
  if (seconds >= 0.001) return `${digits(seconds * 1000)} ms`;
  return `${digits(seconds * 1e6)} µs`;
}

function digits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** `1,234`; from ten thousand on `12.3k`, `4.5M`. */
export function formatCount(count: number): string {
  if (count < 10_000) return count.toLocaleString('en');
  return count.toLocaleString('en', { notation: 'compact', maximumFractionDigits: 1 });
}
