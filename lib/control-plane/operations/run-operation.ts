import type { Logger } from 'pino';
import { ArmError, type ErrorDetail } from '../../arm/error.ts';
import type { Clock } from '../clock.ts';
import { transaction, type Database } from '../store/database.ts';
import { endOperation, journalStep, readJournal, setStage, turnBack } from '../store/operations.ts';
import { recordOperationEvent } from './activity-event.ts';
import type { OperationContext, OperationDefinition, Step } from './definition.ts';
import { errorDetail } from './error-detail.ts';

/** How often a step's undoing is tried before the operation ends with what is left over. */
const UNDO_ATTEMPTS = 3;

/** The error's code of an operation that a person did not want any more. */
export const CANCELED = 'OperationCanceled';

export interface RunnerOptions {
  database: Database;
  clock: Clock;
  log: Logger;
  newId: () => string;
  delay: (milliseconds: number) => Promise<void>;
  failpoint: (operation: string, step: string, when: 'before' | 'after' | 'fails') => void;
  /** No step is begun any more. */
  isStopping: () => boolean;
  /** Called when an operation has ended and all of that is written. */
  ended: (operationId: string) => void;
}

/**
 * Runs one operation from where its journal is: forward, or undoing in reverse once a step of it has failed, to its
 * published end. Resolves when it has ended, or when the engine stops before.
 *
 * @throws what the journal itself throws: the operation stays in progress then.
 */
export function createRunner<World>(
  options: RunnerOptions,
): (definition: OperationDefinition<World>, context: OperationContext<World, unknown>) => Promise<void> {
  const { database, clock, log, newId, delay, failpoint, isStopping, ended } = options;

  return async (definition, context) => {
    const { operation } = context;
    const error = operation.direction === 'undo' ? operation.error : await runForward(definition, context);
    if (error === undefined) return;
    if (error && definition.whenAStepFails === 'undo') {
      const finished = await runBackward(definition, context, error);
      if (!finished) return;
    }
    publish(definition, context, error);
  };

  /** @returns null when all steps are done, the error when one failed, undefined when the engine stops. */
  async function runForward(
    definition: OperationDefinition<World>,
    context: OperationContext<World, unknown>,
  ): Promise<ErrorDetail | null | undefined> {
    const { operation, signal } = context;
    const journal = readJournal(database, operation.id);
    // What ended, or was not needed, and the next one's beginning are written together: each write waits for the disk.
    const ended = new Map<string, 'done' | 'skipped'>();
    const write = (record: () => void) =>
      transaction(database, () => {
        for (const [name, state] of ended) journalStep(database, operation.id, name, state, clock.now());
        ended.clear();
        record();
      });
    for (const step of definition.steps) {
      if (isStopping()) {
        write(() => {});
        return undefined;
      }
      // What a restart of the machine takes away is ensured again, done or not.
      if (journal.get(step.name) === 'done' && !step.perishable) continue;
      if (step.needed?.(context) === false) {
        ended.set(step.name, 'skipped');
        continue;
      }
      write(() => {
        journalStep(database, operation.id, step.name, 'started', clock.now());
        setStage(database, operation.id, step.stage);
      });
      failpoint(operation.kind, step.name, 'before');
      try {
        signal.throwIfAborted();
        await step.ensure(context);
        failpoint(operation.kind, step.name, 'fails');
      } catch (thrown) {
        // A step that waits for another operation has not failed: it goes on at the next start, as that one does.
        if (thrown instanceof StoppingError) return undefined;
        const error = errorDetail(thrown, step.stage, operation.id);
        log.warn({ err: thrown, operation: operation.id, kind: operation.kind, step: step.name }, 'a step failed');
        if (definition.whenAStepFails === 'undo') {
          turnBack(database, operation.id, error, `Undoing: ${step.stage}`);
        }
        return error;
      }
      failpoint(operation.kind, step.name, 'after');
      ended.set(step.name, 'done');
    }
    write(() => {});
    return null;
  }

  /** Undoes what was begun, last first. @returns false when the engine stops before all of it is undone. */
  async function runBackward(
    definition: OperationDefinition<World>,
    context: OperationContext<World, unknown>,
    error: ErrorDetail,
  ): Promise<boolean> {
    const { operation } = context;
    const journal = readJournal(database, operation.id);
    for (const step of definition.steps.toReversed()) {
      const state = journal.get(step.name);
      if (state !== 'started' && state !== 'done') continue;
      if (isStopping()) return false;
      failpoint(operation.kind, `undo-${step.name}`, 'before');
      const leftOver = await undo(step, context);
      if (leftOver) {
        log.error(
          { operation: operation.id, kind: operation.kind, step: step.name, leftOver },
          'a step cannot be undone',
        );
        error.details = [...(error.details ?? []), { code: 'CleanUpIncomplete', message: leftOver, target: step.name }];
        turnBack(database, operation.id, error, `Undoing: ${step.stage}`);
      }
      failpoint(operation.kind, `undo-${step.name}`, 'after');
      journalStep(database, operation.id, step.name, 'undone', clock.now());
    }
    return true;
  }

  async function undo(step: Step<World>, context: OperationContext<World, unknown>): Promise<string | undefined> {
    if (!step.undo) return undefined;
    for (let attempt = 1; ; attempt++) {
      try {
        await step.undo(context);
        return undefined;
      } catch (failure) {
        if (attempt === UNDO_ATTEMPTS) {
          const { operation } = context;
          log.error({ err: failure, operation: operation.id, kind: operation.kind, step: step.name }, 'an undo failed');
          return errorDetail(failure, `Undoing: ${step.stage}`, operation.id).message;
        }
        await delay(attempt * 500);
      }
    }
  }

  /** The operation's end, the state that it leaves and its event, all at one moment. */
  function publish(
    definition: OperationDefinition<World>,
    context: OperationContext<World, unknown>,
    error: ErrorDetail | null,
  ): void {
    const { operation } = context;
    failpoint(operation.kind, 'published', 'before');
    const at = clock.now();
    const status = error ? (error.code === CANCELED ? 'Canceled' : 'Failed') : 'Succeeded';
    transaction(database, () => {
      if (error) definition.failed?.(context, error);
      else definition.succeeded?.(context);
      const input = definition.keepOfInput ? definition.keepOfInput(operation.input) : operation.input;
      const stage = error ? status : 'Done';
      endOperation(database, operation.id, { status, stage, error, input, at });
      const story = error ? undefined : definition.story?.(context);
      recordOperationEvent(database, { definition, operation, status, error, story, eventId: newId(), at });
    });
    failpoint(operation.kind, 'published', 'after');
    log.info(
      { operation: operation.id, kind: operation.kind, status, milliseconds: at - operation.startedAt },
      'operation ended',
    );
    ended(operation.id);
  }
}

/** The engine begins nothing more, and nothing more ends in it. */
export class StoppingError extends ArmError {
  constructor() {
    super('ServiceUnavailable', 503, 'The control plane is stopping. Try again in a moment.');
  }
}
