import type { Logger } from 'pino';
import type { ErrorDetail } from '../../arm/error.ts';
import type { Caller, OperationRow } from '../store/operations.ts';

/** What a handler says to begin an operation. */
export interface Begin {
  /** A key of the definitions: `create-server`. */
  kind: string;
  /** Internal id of the server; null where the operation has none (a resource group's). */
  serverId: string | null;
  /** ARM id of what is changed: the server, or the rule, database … below it. */
  resourceId: string;
  subscriptionId: string;
  /** Short form, part of the polling URL. */
  location: string;
  apiVersion: string;
  /** What the definition's steps need to know. JSON, no secret in it. */
  input: unknown;
  caller: Caller;
}

export interface Progress {
  /** What it is doing, in words. */
  stage: string;
  percentComplete: number;
}

export interface Engine {
  /**
   * Begins an operation: in one transaction the check that it may, its intent and its row; then it runs by itself.
   * Synchronous, so that a handler that checks and begins has no moment between the two.
   *
   * @param record writes the intent; what it throws undoes all of it.
   * @throws {ArmError} 409 ServerIsBusy when another exclusive operation has the server; what the definition's own check throws.
   */
  begin(options: Begin, record?: (operation: OperationRow) => void): OperationRow;
  /** Goes on with every operation that an earlier daemon left in progress. Once, at the start. */
  resume(): number;
  progress(operation: OperationRow): Progress;
  /** Resolves with the operation's row when it has ended; at once if it has. Rejects when the engine stops before. */
  ended(operationId: string): Promise<OperationRow>;
  /**
   * Ends an operation at the boundary of its steps, or earlier where the step under way heeds the signal; what it began is
   * undone or left as when a step fails.
   *
   * @param reason a sentence for people.
   */
  interrupt(operationId: string, reason: string): void;
  /** The same because a person does not want it any more: it ends as canceled. @param reason a sentence for people. */
  cancel(operationId: string, reason: string): void;
  /** Lets the running steps finish and starts no other. What is in progress goes on at the next start. */
  stop(): Promise<void>;
}

export interface OperationContext<World, Input = unknown> {
  operation: OperationRow;
  input: Input;
  world: World;
  log: Logger;
  /** For operations that consist of others. */
  engine: Engine;
  /** Aborted when the operation is to end: long steps heed it. */
  signal: AbortSignal;
}

/** A step is named for the state that it ensures, and may be repeated. */
export interface Step<World, Input = unknown> {
  name: string;
  /** What it is doing, in words for people: `Starting MySQL`. */
  stage: string;
  /** The machine's own restart takes it away (a process, a listener): ensured again when the operation is resumed. */
  perishable?: boolean;
  /** Whether there is anything to do; told anew when the operation is resumed, so it must not change on the way. */
  needed?(context: OperationContext<World, Input>): boolean;
  /** Brings the state about, or finds it there. Called again if the daemon dies within. */
  ensure(context: OperationContext<World, Input>): Promise<void> | void;
  /** Takes it away, whole or half made or not there at all. */
  undo?(context: OperationContext<World, Input>): Promise<void> | void;
}

export interface OperationDefinition<World, Input = unknown> {
  /** ARM's name, in the body of the 202: `UpsertServerManagementOperationV2`. */
  armName: string;
  /** For people: `Create server`. */
  title: string;
  /** The permission it needed, which is the activity log's operation name: `Microsoft.DBforMySQL/flexibleServers/write`. */
  action: string;
  /** No other exclusive one on the same server beside it. */
  exclusive: boolean;
  /** Operations of one lane on one server run one after the other, in the order of beginning. */
  lane: string;
  /** `undo`: steps are undone in reverse. `leave`: what is there stays, and `failed` says in which state. */
  whenAStepFails: 'undo' | 'leave';
  /** It is interrupted when another operation of its lane begins. */
  yields?: boolean;
  steps: readonly Step<World, Input>[];
  /** Whether it may begin now; in the transaction that begins it, before the intent is recorded. Throws an ArmError. */
  check?(world: World, operation: OperationRow): void;
  /** Publishes what is now so; in the transaction that ends the operation. */
  succeeded?(context: OperationContext<World, Input>): void;
  /** What it did, in words for the activity log. */
  story?(context: OperationContext<World, Input>): string | undefined;
  failed?(context: OperationContext<World, Input>, error: ErrorDetail): void;
  /** What of the input is kept after the end, where not all of it may be. */
  keepOfInput?(input: Input): unknown;
}

export type OperationDefinitions<World> = Readonly<Record<string, OperationDefinition<World>>>;
