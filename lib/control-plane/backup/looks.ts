import { setTimeout as delay } from 'node:timers/promises';

/** Something is looked at every so often; or sooner, when somebody wants to know. */
export class Looks {
  readonly #everyMs: number;
  #wanted = Promise.withResolvers<void>();
  #done = Promise.withResolvers<void>();

  /** @param everyMs between the end of one look and the next. */
  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  /** Called after each look. */
  looked(): void {
    this.#done.resolve();
    this.#done = Promise.withResolvers();
  }

  /** Resolves when the next look is due. */
  async due(): Promise<void> {
    const over = new AbortController();
    const time = delay(this.#everyMs, undefined, { signal: over.signal }).catch(() => {});
    await Promise.race([time, this.#wanted.promise]);
    over.abort();
    this.#wanted = Promise.withResolvers();
  }

  /** Resolves after the next look, or when that takes too long. */
  async now(timeoutMs: number): Promise<void> {
    const done = this.#done.promise;
    this.#wanted.resolve();
    await Promise.race([done, delay(timeoutMs, undefined, { ref: false })]);
  }
}
