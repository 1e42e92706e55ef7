import type { Logger } from 'pino';

/** Compares what is wanted with what is, and sees to the difference. It is told nothing: it looks for itself. */
export interface Reconciler {
  name: string;
  /** After a tick has ended; a function where ticks fall on the clock's own marks. */
  everyMs: number | (() => number);
  /** @returns one sentence on what it did; undefined when there was nothing to do. */
  tick(): Promise<string | undefined>;
}

/** A fault that stays is told of so often and no more: some look twenty times a second, and a log fills the disk. */
const TELL_AGAIN_MS = 60_000;

export interface Loop {
  /** Something has happened that it should look at: now, or as soon as the tick under way has ended. */
  wake(): void;
  /** Resolves when no tick is under way; none follows. */
  stop(): Promise<void>;
}

/** Runs a reconciler: at once, on every wake and by its timer. Ticks never overlap; a tick that fails is logged, not repeated at once. */
export function startLoop({ name, everyMs, tick }: Reconciler, log: Logger): Loop {
  const tell = teller((details) => log.error({ reconciler: name, ...details }, 'the tick failed'));
  let timer: NodeJS.Timeout | undefined;
  let underway: Promise<void> | undefined;
  let again = false;
  let stopped = false;

  function run(): void {
    if (stopped) return;
    if (underway) {
      again = true;
      return;
    }
    clearTimeout(timer);
    underway = attempt().finally(() => {
      underway = undefined;
      if (stopped) return;
      if (again) {
        again = false;
        run();
      } else {
        timer = setTimeout(run, typeof everyMs === 'function' ? everyMs() : everyMs);
      }
    });
  }

  async function attempt(): Promise<void> {
    try {
      const story = await tick();
      if (story) log.info({ reconciler: name }, story);
    } catch (failure) {
      tell(failure);
    }
  }

  run();
  return {
    wake: run,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await underway;
    },
  };
}

/** Tells of a fault when it is new, and then once a minute how often it was there again. */
export function teller(
  log: (details: { err: unknown; again?: number }) => void,
  now: () => number = () => performance.now(),
): (failure: unknown) => void {
  const told = new Map<string, { at: number; again: number }>();
  return (failure) => {
    const text = String(failure);
    const last = told.get(text);
    if (last && now() - last.at < TELL_AGAIN_MS) {
      last.again += 1;
      return;
    }
    for (const [other, { at }] of told) if (now() - at >= 2 * TELL_AGAIN_MS) told.delete(other);
    told.set(text, { at: now(), again: 0 });
    log({ err: failure, ...(last && last.again > 0 && { again: last.again }) });
  };
}
