import type { Clock } from '../clock.ts';
import { GtidSet } from '../mysql/gtid-set.ts';
import { transaction, type Database } from '../store/database.ts';
import { endLogChain, findOpenChain, insertLogChain, setCovered, type LogChainRow } from '../store/log-chains.ts';
import { findLastLogSegment } from '../store/log-segments.ts';
import type { LogPosition } from './segment-writer.ts';

interface ProgressOptions {
  database: Database;
  clock: Clock;
  serverId: string;
  newId(): string;
}

const NOWHERE: LogPosition = { instanceId: '', file: '', position: 0, transaction: null };

/** How far the archive of a server's log is: what of it counts, and where in whose log that is. */
export class ArchiveProgress {
  readonly #o: ProgressOptions;
  /** The stretch that goes on, once there is one. */
  chain: LogChainRow | undefined;
  /** Written to the store. */
  archived = new GtidSet();
  /** Microseconds: of the last transaction that was taken. */
  lastMoment = 0;
  position = NOWHERE;
  #coveredUntil: number | null = null;
  #savedAt = 0;

  constructor(options: ProgressOptions) {
    this.#o = options;
  }

  /** Microseconds: up to here every transaction is archived. */
  get coveredUntil(): number | null {
    return this.#coveredUntil;
  }

  /** What the store knows. */
  remember(): void {
    const { database, serverId } = this.#o;
    this.chain = findOpenChain(database, serverId);
    if (!this.chain) return;
    const last = findLastLogSegment(database, serverId);
    const mine = last?.chainId === this.chain.id ? last : undefined;
    this.archived = GtidSet.parse(mine?.gtidsAfter ?? this.chain.startGtids);
    this.lastMoment = mine ? (mine.lastMoment ?? mine.previousMoment) : this.chain.startedAt;
    this.cover(Math.max(this.chain.coveredUntil, this.lastMoment));
    this.position = mine
      ? {
          instanceId: mine.instanceId,
          file: mine.sourceFile,
          position: mine.sourcePosition,
          transaction: mine.lastTransaction,
        }
      : NOWHERE;
  }

  /** A new stretch begins, with that already executed. @param reason why the one before it ended. */
  beginChain(executed: GtidSet, reason: string): void {
    const { database, serverId, clock, newId } = this.#o;
    const startedAt = Math.max(clock.now() * 1000, this.lastMoment + 1);
    const id = newId();
    transaction(database, () => {
      if (this.chain) {
        this.saveCovered();
        endLogChain(database, this.chain.id, reason);
      }
      insertLogChain(database, { id, serverId, startedAt, startGtids: executed.toString() });
    });
    this.chain = findOpenChain(database, serverId);
    this.archived = executed.clone();
    this.lastMoment = startedAt;
    this.#coveredUntil = startedAt;
    this.position = { ...this.position, transaction: null };
  }

  /** @param moment microseconds: the archive is known to reach there. It never goes back. */
  cover(moment: number): void {
    this.#coveredUntil = Math.max(this.#coveredUntil ?? 0, moment);
  }

  /** The store knows how far the archive reaches. @param options.atLeastMs not when it was told so lately. */
  saveCovered({ atLeastMs = 0 } = {}): void {
    const { database, clock } = this.#o;
    if (!this.chain || this.#coveredUntil === null) return;
    if (atLeastMs > 0 && clock.now() - this.#savedAt < atLeastMs) return;
    this.#savedAt = clock.now();
    if (database.isOpen) setCovered(database, this.chain.id, this.#coveredUntil);
  }
}
