import type { ConnectionEvent, ConnectionEvents } from './protocol.ts';

/** Some megabytes at most, and what a busy machine brings in some seconds: whoever reads it comes every second. */
const MOST = 10_000;

/** Who came and who was turned away, until somebody has read it. What is never read is forgotten, oldest first. */
export class ConnectionRecord {
  readonly #events: ConnectionEvent[] = [];
  #next = 1;
  readonly #most: number;

  constructor(most = MOST) {
    this.#most = most;
  }

  record(event: Omit<ConnectionEvent, 'sequence'>): void {
    this.#events.push({ sequence: this.#next, ...event });
    this.#next += 1;
    // In lumps, since each takes the whole list in hand.
    if (this.#events.length > this.#most * 1.1) this.#events.splice(0, this.#events.length - this.#most);
  }

  /**
   * @param after the sequence that was read last; without one nothing is told but where it stands.
   * @param before milliseconds since 1970: what happened later is told the next time.
   */
  since(after: number | undefined, before: number, most = 2_000): ConnectionEvents {
    const newest = this.#next - 1;
    if (after === undefined) return { events: [], last: newest, missed: 0 };
    const oldest = this.#events[0]?.sequence ?? this.#next;
    const from = Math.max(0, after + 1 - oldest);
    const events: ConnectionEvent[] = [];
    for (let index = from; index < this.#events.length && events.length < most; index++) {
      const event = this.#events[index]!;
      if (event.at > before) break;
      events.push(event);
    }
    return {
      events,
      last: events.at(-1)?.sequence ?? Math.max(after, oldest - 1),
      missed: Math.max(0, oldest - 1 - after),
    };
  }
}
