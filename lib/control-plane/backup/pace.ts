import { cpus } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

/** What all processors did since the machine started, and this process, in milliseconds. */
export interface ProcessorTimes {
  all: number;
  idle: number;
  own: number;
}

/** How much of the processors' time that is not this process's others must be using for them to be given way. */
const BUSY = 0.5;
/** How much longer a thread that gives way rests than it works. */
const REST = 31;
const LONGEST_REST_MS = 500;
/** The kernel counts in hundredths of a second: a look sooner than that many of them says little. */
const LOOK_MS = 200;

/**
 * Lets work that nobody waits for give way while others are busy: a backup takes as long as it needs when nothing else
 * is going on, and several times that under load, when the clients of the server come first.
 */
export class Pace {
  readonly #read: () => ProcessorTimes;
  readonly #now: () => number;
  #times: ProcessorTimes;
  #lookedAt: number;
  #workedSince: number;
  #givesWay = false;

  constructor(read: () => ProcessorTimes = readProcessorTimes, now: () => number = () => performance.now()) {
    this.#read = read;
    this.#now = now;
    this.#times = read();
    this.#lookedAt = now();
    this.#workedSince = this.#lookedAt;
  }

  /** Whether it gives way now. */
  get givesWay(): boolean {
    return this.#givesWay;
  }

  /** To be called every few milliseconds of work. @returns how long to rest, in milliseconds. */
  next(): number {
    const now = this.#now();
    const worked = now - this.#workedSince;
    if (now - this.#lookedAt >= LOOK_MS) {
      const times = this.#read();
      const rest = times.all - this.#times.all - (times.own - this.#times.own);
      const others = rest - (times.idle - this.#times.idle);
      this.#givesWay = rest > 0 && others / rest > BUSY;
      this.#times = times;
      this.#lookedAt = now;
    }
    return this.#givesWay ? Math.min(worked * REST, LONGEST_REST_MS) : 0;
  }

  /** Rests as long as it should. */
  async rest(): Promise<void> {
    const milliseconds = this.next();
    if (milliseconds > 0) await delay(milliseconds);
    this.#workedSince = this.#now();
  }
}

function readProcessorTimes(): ProcessorTimes {
  // Of all its threads: those that read and write for this one are nobody it should give way to.
  const own = process.cpuUsage();
  const times = { all: 0, idle: 0, own: (own.user + own.system) / 1000 };
  for (const { times: of } of cpus()) {
    times.all += of.user + of.nice + of.sys + of.irq + of.idle;
    times.idle += of.idle;
  }
  return times;
}
