import type { LockWait } from '../arm/local/session.ts';

/** A session and who waits for it. */
export interface LockNode {
  connectionId: number;
  /** What it waits for; undefined for one that waits for nobody. */
  wait: LockWait | undefined;
  waiters: LockNode[];
  /** How many wait for it, directly or behind others. */
  blocked: number;
}

/**
 * Who holds up whom, those that hold up most first. Every session stands there once, as near to who holds it up as can be:
 * MySQL names for each waiter all who wait before it, too.
 */
export function lockTree(waits: readonly LockWait[]): LockNode[] {
  const waiting = new Set(waits.map((wait) => wait.waiting));
  const byBlocker = Map.groupBy(waits, ({ blocking }) => blocking);
  const placed = new Set<number>();
  const grow = (heads: LockNode[]): LockNode[] => {
    for (let level = heads; level.length > 0; level = level.flatMap(({ waiters }) => waiters)) {
      for (const node of level) {
        for (const wait of byBlocker.get(node.connectionId) ?? []) {
          if (placed.has(wait.waiting)) continue;
          placed.add(wait.waiting);
          node.waiters.push({ connectionId: wait.waiting, wait, waiters: [], blocked: 0 });
        }
      }
    }
    return heads;
  };
  const head = (connectionId: number): LockNode => {
    placed.add(connectionId);
    return { connectionId, wait: undefined, waiters: [], blocked: 0 };
  };
  const trees = grow([...byBlocker.keys()].filter((id) => !waiting.has(id)).map(head));
  // Those who wait for each other in a circle hang below nobody else.
  for (const id of byBlocker.keys()) if (!placed.has(id)) trees.push(...grow([head(id)]));
  trees.forEach(count);
  return trees.sort((one, other) => other.blocked - one.blocked);
}

function count(node: LockNode): number {
  node.blocked = node.waiters.reduce((sum, waiter) => sum + 1 + count(waiter), 0);
  return node.blocked;
}
