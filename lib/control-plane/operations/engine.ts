import type { Logger } from 'pino';
import { ArmError } from '../../arm/error.ts';
import type { Clock } from '../clock.ts';
import { transaction, type Database } from '../store/database.ts';
import {
  findExclusiveOperation,
  findOperation,
  insertOperation,
  listOperationsInProgress,
  readJournal,
  type OperationRow,
} from '../store/operations.ts';
import { recordOperationEvent } from './activity-event.ts';
import type { Begin, Engine, OperationDefinition, OperationDefinitions, Progress } from './definition.ts';
import { CANCELED, createRunner, StoppingError } from './run-operation.ts';

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
  const delay = options.delay ?? ((milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)));
  /** The end of each lane's queue: operations of one lane on one server run one after the other. */
  const lanes = new Map<string, Promise<void>>();
  const waiting = new Map<string, PromiseWithResolvers<OperationRow>[]>();
  /** What runs or waits to run in each lane, with what tells it to end. */
  const scheduled = new Map<string, Map<string, { kind: string; interruption: AbortController }>>();
  let stopping = false;
  const stopped = Promise.withResolvers<void>();
  const run = createRunner<World>({
    database,
    clock,
    log,
    newId,
    delay,
    failpoint: options.failpoint ?? (() => {}),
    isStopping: () => stopping,
    ended(operationId) {
      options.onEnded?.();
      const operation = readOperation(operationId);
      waiting.get(operationId)?.forEach(({ resolve }) => resolve(operation));
      waiting.delete(operationId);
    },
  });

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
    const turn = before
      .then(() => runWhileItCan(operation, interruption.signal))
      .finally(() => others.delete(operation.id));
    lanes.set(key, turn);
    void turn.then(() => {
      if (lanes.get(key) !== turn) return;
      lanes.delete(key);
      scheduled.delete(key);
    });
  }

  function abort(operationId: string, why: ArmError): void {
    for (const operations of scheduled.values()) operations.get(operationId)?.interruption.abort(why);
  }

  function interrupt(operationId: string, reason: string): void {
    abort(operationId, new ArmError('OperationPreempted', 409, reason));
  }

  function cancel(operationId: string, reason: string): void {
    abort(operationId, new ArmError(CANCELED, 409, reason));
  }

  async function runWhileItCan(operation: OperationRow, signal: AbortSignal, attempt = 1): Promise<void> {
    if (stopping) return;
    try {
      const current = readOperation(operation.id);
      const definition = definitionOf(current.kind);
      await run(definition, { operation: current, input: current.input, world, log, engine, signal });
    } catch (failure) {
      // Only the journal itself can fail here: the operation stays in progress and goes on at the next start.
      log.error({ err: failure, operation: operation.id, kind: operation.kind }, 'the operation could not go on');
      // A full disk may have room again; any other fault would come again.
      if ((failure as NodeJS.ErrnoException).code !== 'ERR_SQLITE_ERROR') return;
      await Promise.race([delay(Math.min(attempt * 1000, JOURNAL_AGAIN_MS)), stopped.promise]);
      await runWhileItCan(operation, signal, attempt + 1);
    }
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

  const engine: Engine = { begin, resume, progress, ended, interrupt, cancel, stop };
  return engine;
}
