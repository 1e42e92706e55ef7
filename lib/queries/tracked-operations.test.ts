import { describe, expect, it } from 'vitest';
import { parseOperations, withOperation, withStatus, type TrackedOperation } from './tracked-operations.ts';

const now = new Date('2026-11-22T12:00:00Z');
const operation = (name: string, more: Partial<TrackedOperation> = {}): TrackedOperation => ({
  operationUrl: `https://localhost:8443/${name}`,
  resourceId: '/subscriptions/s',
  title: `Stopping ${name}`,
  refresh: [],
  startedAt: '2026-11-22T11:59:00Z',
  status: 'Running',
  seen: false,
  ...more,
});

describe('tracked operations', () => {
  it('survive the storage; what is broken, foreign or old does not', () => {
    const running = operation('a');
    const old = operation('b', { status: 'Succeeded', endedAt: '2026-11-21T11:00:00Z' });
    expect(parseOperations(JSON.stringify([running, old, { title: 'x' }, null, 7]), now)).toEqual([running]);
    for (const broken of [null, '', '{', '{"a":1}', 'null']) expect(parseOperations(broken, now)).toEqual([]);
  });

  it('make room by dropping finished ones, never running ones', () => {
    const many = Array.from({ length: 40 }, (_, index) =>
      operation(String(index), index % 2 ? { status: 'Succeeded', endedAt: now.toISOString() } : {}),
    );
    const kept = withOperation(many, operation('new'));
    expect(kept[0]?.title).toBe('Stopping new');
    expect(kept.filter(({ status }) => status === 'Running')).toHaveLength(21);
    expect(kept).toHaveLength(30);
    expect(withOperation(kept, operation('new', { stage: 'again' }))).toHaveLength(30);
  });

  it('take in progress, and keep it where the service falls silent', () => {
    const half = withStatus(operation('a'), { status: 'Running', percentComplete: 50, stage: 'copying' }, now);
    expect(withStatus(half, { status: 'Running' }, now)).toMatchObject({
      percentComplete: 50,
      stage: 'copying',
      endedAt: undefined,
    });
    expect(withStatus(half, { status: 'Failed', error: { code: 'X', message: 'no', target: 't' } }, now)).toMatchObject(
      {
        status: 'Failed',
        endedAt: now.toISOString(),
        error: { code: 'X', message: 'no' },
      },
    );
  });
});
