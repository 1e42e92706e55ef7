/**
 * The scope that a request's action is judged at: the resource that the path names, or for a list or an action its
 * parent. In the letters of the caller.
 *
 * @param segments of the path, decoded.
 */
export function scopeOf(segments: readonly string[]): string {
  const provider = segments.findLastIndex((segment) => segment.toLowerCase() === 'providers');
  if (provider < 0) return join(pairs(segments));
  const above = segments.slice(0, Math.min(provider + 2, segments.length));
  return join([...above, ...pairs(segments.slice(provider + 2))]);
}

/** Types without their name at the end are lists and actions: no resource of their own. */
function pairs(segments: readonly string[]): readonly string[] {
  return segments.slice(0, segments.length - (segments.length % 2));
}

function join(segments: readonly string[]): string {
  return `/${segments.join('/')}`;
}
