import { describe, expect, it } from 'vitest';
import { RequestError } from './client.ts';
import { operationEnd, type OperationStatus } from './operations.ts';
import { runPlan, type PlanState } from './run-plan.ts';

const busy = { ok: false, error: { code: 'ServerIsBusy', message: 'busy', status: 409 } } as const;

function world() {
  const states: Record<string, PlanState['status'][]> = {};
  const open = new Map<string, (error?: { code: string; message: string }) => void>();
  return {
    states,
    open,
    onState: (step: string, { status }: PlanState) => void (states[step] ??= []).push(status),
    ended: (step: string) =>
      new Promise<{ code: string; message: string } | undefined>((resolve) => open.set(step, resolve)),
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a plan', () => {
  it('has no more under way than it may', async () => {
    const { states, open, onState, ended } = world();
    const done = runPlan({
      steps: ['a', 'b', 'c'],
      begin: async (value) => ({ ok: true, value }),
      ended,
      onState,
      atOnce: 2,
    });
    await turn();
    expect(Object.keys(states)).toEqual(['a', 'b']);
    open.get('a')!();
    await turn();
    expect(states.c).toEqual(['sending', 'running']);
    open.get('b')!({ code: 'X', message: 'no' });
    open.get('c')!();
    expect(await done).toBe(1);
    expect(states).toMatchObject({ a: ['sending', 'running', 'done'], b: ['sending', 'running', 'failed'] });
  });

  it('sends again what was refused because of its own other steps, and nothing else', async () => {
    const { states, open, onState, ended } = world();
    const sent: string[] = [];
    const done = runPlan({
      steps: ['a', 'b', 'c'],
      begin: async (value: string) => {
        sent.push(value);
        if (value === 'c') return { ok: false, error: { code: 'Forbidden', message: 'no', status: 403 } };
        return value === 'b' && states.a?.at(-1) !== 'done' ? busy : { ok: true, value };
      },
      ended,
      onState,
    });
    await turn();
    expect(sent).toEqual(['a', 'b']);
    open.get('a')!();
    await turn();
    open.get('b')!();
    expect(await done).toBe(1);
    expect(sent).toEqual(['a', 'b', 'b', 'c']);
    expect(states.c).toEqual(['sending', 'failed']);
  });

  it('fails a conflict that is not its own', async () => {
    const { onState, ended } = world();
    expect(await runPlan({ steps: ['a'], begin: async () => busy, ended, onState })).toBe(1);
  });
});

describe('the end of an operation', () => {
  const begun = { operationUrl: 'https://localhost/o', retryAfterSeconds: 1 };
  const end = (answers: (OperationStatus | Error)[]) => {
    const waits: number[] = [];
    const outcome = operationEnd(begun, {
      ask: async () => {
        const next = answers.shift()!;
        if (next instanceof Error) throw next;
        return next;
      },
      wait: async (milliseconds) => void waits.push(milliseconds),
    });
    return outcome.then((failure) => ({ failure, waits }));
  };

  it('is waited for as long as ARM says, over a portal that is away for a moment', async () => {
    const { failure, waits } = await end([
      { status: 'Running', retryAfterSeconds: 3 },
      new RequestError(0, {}),
      { status: 'Succeeded' },
    ]);
    expect(failure).toBeUndefined();
    expect(waits).toEqual([1000, 3000, 6000]);
  });

  it('says why it failed, and when that is not known', async () => {
    const error = { code: 'X', message: 'no' };
    expect((await end([{ status: 'Failed', error }])).failure).toEqual(error);
    expect((await end([{ status: 'Canceled' }])).failure?.code).toBe('Canceled');
    expect((await end([new RequestError(404, { code: 'NotFound', message: 'gone' })])).failure?.code).toBe('NotFound');
  });
});
