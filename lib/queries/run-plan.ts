import type { ActionFailure } from './action.ts';
import type { OperationFailure } from './operations.ts';

/** How far one step of a plan is. */
export type PlanState =
  { status: 'waiting' | 'sending' | 'running' | 'done' } | { status: 'failed' | 'leftOut'; error: OperationFailure };

type Result<Begun> = { ok: true; value: Begun } | { ok: false; error: ActionFailure };

interface Plan<Step, Begun> {
  steps: readonly Step[];
  /** Sends one; ARM takes it or says why not. */
  begin: (step: Step) => Promise<Result<Begun>>;
  /** Resolves when what was begun has ended: with why it failed, or undefined. */
  ended: (begun: Begun) => Promise<OperationFailure | undefined>;
  onState: (step: Step, state: PlanState) => void;
  /** Operations under way at the same time. */
  atOnce?: number;
}

const CONFLICT = 409;

/**
 * Sends many writes, a few at once, each with a result of its own: one that fails stops no other. A write that ARM
 * refuses because another one of this plan is still running is sent again when that one has ended.
 *
 * @returns how many did not succeed.
 */
export async function runPlan<Step, Begun>({
  steps,
  begin,
  ended,
  onState,
  atOnce = 4,
}: Plan<Step, Begun>): Promise<number> {
  const running = new Set<Promise<void>>();
  let failed = 0;
  const fail = (step: Step, error: OperationFailure) => {
    failed += 1;
    onState(step, { status: 'failed', error });
  };
  for (const step of steps) {
    while (running.size >= atOnce) await Promise.race(running);
    onState(step, { status: 'sending' });
    let result = await begin(step);
    while (!result.ok && result.error.status === CONFLICT && running.size > 0) {
      await Promise.race(running);
      result = await begin(step);
    }
    if (!result.ok) {
      fail(step, result.error);
      continue;
    }
    onState(step, { status: 'running' });
    const end: Promise<void> = ended(result.value).then((error) => {
      running.delete(end);
      if (error) fail(step, error);
      else onState(step, { status: 'done' });
    });
    running.add(end);
  }
  await Promise.all(running);
  return failed;
}
