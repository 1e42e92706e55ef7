import type { Logger } from 'pino';
import { ArmError, type ErrorDetail } from '../../arm/error.ts';
import type { Clock } from '../clock.ts';
import { transaction, type Database } from '../store/database.ts';
import {
  endOperation,
  findExclusiveOperation,
  findOperation,
  insertOperation,
  journalStep,
  listOperationsInProgress,
  readJournal,
  setStage,
  turnBack,
  type OperationRow,
} from '../store/operations.ts';
import { recordOperationEvent } from './activity-event.ts';
import type {
  Begin,
  Engine,
  OperationContext,
  OperationDefinition,
  OperationDefinitions,
  Progress,
  Step,
} from './definition.ts';

/** How often a step's undoing is tried before the operation ends with what is left over. */
const UNDO_ATTEMPTS = 3;
/** The longest wait before the journal is tried again. */
const JOURNAL_AGAIN_MS = 30_000;

export interface EngineOptions<World> {
  database: Database;
  clock: Clock;
  log: Logger;
  definitions: OperationDefinitions<World>;
  world: World;
  /** Random GUIDs. */
  newId: () => string;
  /** Called before and after each step; the real one may end the process there. */
  failpoint?: (operation: string, step: string, when: 'before' | 'after' | 'fails') => void;
  /** Called when an operation has ended. */
  onEnded?: () => void;
  /** Waits between attempts to undo, and to write the journal. */
  delay?: (milliseconds: number) => Promise<void>;
}

/**
 * Runs operations as lists of named steps, journaled before and after each, so that a daemon that dies anywhere goes on
 * where it was: forward, or undoing in reverse once a step of it has failed.
 */
export function createEngine<World>(options: EngineOptions<World>): Engine {
  const { database, clock, log, definitions, world, newId } = options;
  const failpoint = options.failpoint ?? (() => {});
  const delay = options.delay ?? ((milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)));
  /** The end of each lane's queue: operations of one lane on one server run one after the other. */
  const lanes = new Map<string, Promise<void>>();
  const waiting = new Map<string, PromiseWithResolvers<OperationRow>[]>();
  /** What runs or waits to run in each lane, with what tells it to end. */
  const scheduled = new Map<string, Map<string, { kind: string; interruption: AbortController }>>();
  let stopping = false;
  const stopped = Promise.withResolvers<void>();

  function begin(request: Begin, record?: (operation: OperationRow) => void): OperationRow {
    if (stopping) throw new StoppingError();
    const definition = definitionOf(request.kind);
    const now = clock.now();
    const operation: OperationRow = {
      ...request,
      id: newId(),
      exclusive: definition.exclusive,
      status: 'InProgress',
      direction: 'forward',
      stage: definition.steps[0]?.stage ?? definition.title,
      error: null,
      startedAt: now,
      endedAt: null,
    };
    transaction(database, () => {
      if (definition.exclusive && request.serverId) refuseBusy(request.serverId, request.resourceId);
      definition.check?.(world, operation);
      record?.(operation);
      insertOperation(database, operation);
      recordOperationEvent(database, { definition, operation, status: 'Started', eventId: newId(), at: now });
    });
    schedule(operation);
    return operation;
  }

  function refuseBusy(serverId: string, resourceId: string): void {
    const running = findExclusiveOperation(database, serverId);
    if (!running) return;
    const name = resourceId.split('/')[8] ?? resourceId;
    const { title } = definitionOf(running.kind);
    throw new ArmError(
      'ServerIsBusy',
      409,
      `Cannot complete the operation because server '${name}' is busy processing another operation: ${title}, in ` +
        `progress since ${new Date(running.startedAt).toISOString()} (${running.stage}). Wait until it ends and try again.`,
      { target: resourceId },
    );
  }

  function resume(): number {
    const operations = listOperationsInProgress(database);
    operations.forEach(schedule);
    return operations.length;
  }

  function schedule(operation: OperationRow): void {
    const { lane } = definitionOf(operation.kind);
    const key = `${operation.serverId ?? operation.resourceId.toLowerCase()}/${lane}`;
    const others = scheduled.get(key) ?? new Map();
    scheduled.set(key, others);
    for (const [id, other] of others) {
      if (definitionOf(other.kind).yields) interrupt(id, `It gave way to: ${definitionOf(operation.kind).title}.`);
    }
    const interruption = new AbortController();
    others.set(operation.id, { kind: operation.kind, interruption });
    const before = lanes.get(key) ?? Promise.resolve();
    const run = before
      .then(() => runWhileItCan(operation, interruption.signal))
      .finally(() => others.delete(operation.id));
    lanes.set(key, run);
    void run.then(() => {
      if (lanes.get(key) !== run) return;
      lanes.delete(key);
      scheduled.delete(key);
    });
  }

  function interrupt(operationId: string, reason: string): void {
    for (const operations of scheduled.values()) {
      operations.get(operationId)?.interruption.abort(new ArmError('OperationPreempted', 409, reason));
    }
  }

  async function runWhileItCan(operation: OperationRow, signal: AbortSignal, attempt = 1): Promise<void> {
    if (stopping) return;
    try {
      await runOperation(operation.id, signal);
    } catch (failure) {
      // Only the journal itself can fail here: the operation stays in progress and goes on at the next start.
      log.error({ err: failure, operation: operation.id, kind: operation.kind }, 'the operation could not go on');
      // A full disk may have room again; any other fault would come again.
      if ((failure as NodeJS.ErrnoException).code !== 'ERR_SQLITE_ERROR') return;
      await Promise.race([delay(Math.min(attempt * 1000, JOURNAL_AGAIN_MS)), stopped.promise]);
      await runWhileItCan(operation, signal, attempt + 1);
    }
  }

  async function runOperation(id: string, signal: AbortSignal): Promise<void> {
    const operation = readOperation(id);
    const definition = definitionOf(operation.kind);
    const context: OperationContext<World, unknown> = { operation, input: operation.input, world, log, engine, signal };
    const error = operation.direction === 'undo' ? operation.error : await runForward(definition, context);
    if (error === undefined) return;
    if (error && definition.whenAStepFails === 'undo') {
      const finished = await runBackward(definition, context, error);
      if (!finished) return;
    }
    publish(definition, context, error);
  }

  /** @returns null when all steps are done, the error when one failed, undefined when the engine stops. */
  async function runForward(
    definition: OperationDefinition<World>,
    context: OperationContext<World, unknown>,
  ): Promise<ErrorDetail | null | undefined> {
    const { operation, signal } = context;
    const journal = readJournal(database, operation.id);
    // One step's end and the next one's beginning are written together: each write waits for the disk.
    let before: string | undefined;
    const write = (record: () => void) =>
      transaction(database, () => {
        if (before) journalStep(database, operation.id, before, 'done', clock.now());
        before = undefined;
        record();
      });
    for (const step of definition.steps) {
      if (stopping) {
        write(() => {});
        return undefined;
      }
      // What a restart of the machine takes away is ensured again, done or not.
      if (journal.get(step.name) === 'done' && !step.perishable) continue;
      if (step.needed?.(context) === false) {
        write(() => journalStep(database, operation.id, step.name, 'skipped', clock.now()));
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
        const error = toErrorDetail(thrown);
        log.warn({ err: thrown, operation: operation.id, kind: operation.kind, step: step.name }, 'a step failed');
        if (definition.whenAStepFails === 'undo') {
          turnBack(database, operation.id, error, `Undoing: ${step.stage}`);
        }
        return error;
      }
      failpoint(operation.kind, step.name, 'after');
      before = step.name;
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
      if (stopping) return false;
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
        if (attempt === UNDO_ATTEMPTS) return toErrorDetail(failure).message;
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
    const status = error ? 'Failed' : 'Succeeded';
    transaction(database, () => {
      if (error) definition.failed?.(context, error);
      else definition.succeeded?.(context);
      const input = definition.keepOfInput ? definition.keepOfInput(operation.input) : operation.input;
      const stage = error ? 'Failed' : 'Done';
      endOperation(database, operation.id, { status, stage, error, input, at });
      const story = error ? undefined : definition.story?.(context);
      recordOperationEvent(database, { definition, operation, status, error, story, eventId: newId(), at });
    });
    failpoint(operation.kind, 'published', 'after');
    log.info(
      { operation: operation.id, kind: operation.kind, status, milliseconds: at - operation.startedAt },
      'operation ended',
    );
    options.onEnded?.();
    const ended = readOperation(operation.id);
    waiting.get(operation.id)?.forEach(({ resolve }) => resolve(ended));
    waiting.delete(operation.id);
  }

  function progress(operation: OperationRow): Progress {
    if (operation.status !== 'InProgress') return { stage: operation.stage, percentComplete: 100 };
    const { steps } = definitionOf(operation.kind);
    const states = [...readJournal(database, operation.id).values()];
    const done = states.filter((state) => state === 'done' || state === 'skipped').length;
    return { stage: operation.stage, percentComplete: Math.floor((100 * done) / (steps.length + 1)) };
  }

  async function ended(operationId: string): Promise<OperationRow> {
    const operation = readOperation(operationId);
    if (operation.status !== 'InProgress') return operation;
    if (stopping) throw new StoppingError();
    const end = Promise.withResolvers<OperationRow>();
    waiting.set(operationId, [...(waiting.get(operationId) ?? []), end]);
    return end.promise;
  }

  async function stop(): Promise<void> {
    stopping = true;
    stopped.resolve();
    for (const { reject } of [...waiting.values()].flat()) reject(new StoppingError());
    waiting.clear();
    await Promise.all(lanes.values());
  }

  function definitionOf(kind: string): OperationDefinition<World> {
    const definition = definitions[kind];
    if (!definition) throw new Error(`There is no operation ${kind}.`);
    return definition;
  }

  function readOperation(id: string): OperationRow {
    const operation = findOperation(database, id);
    if (!operation) throw new Error(`There is no operation with the id ${id}.`);
    return operation;
  }

  const engine: Engine = { begin, resume, progress, ended, interrupt, stop };
  return engine;
}

/** The engine begins nothing more, and nothing more ends in it. */
class StoppingError extends ArmError {
  constructor() {
    super('ServiceUnavailable', 503, 'The control plane is stopping. Try again in a moment.');
  }
}

/** What people are shown of a failure: ARM's own words where there are some. */
function toErrorDetail(failure: unknown): ErrorDetail {
  if (failure instanceof ArmError) return failure.toDetail();
  const message = failure instanceof Error ? failure.message : String(failure);
  return { code: 'InternalServerError', message };
}
