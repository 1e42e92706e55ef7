import type { Logger } from 'pino';

/** Compares what is wanted with what is, and sees to the difference. It is told nothing: it looks for itself. */
export interface Reconciler {
  name: string;
  /** After a tick has ended; a function where ticks fall on the clock's own marks. */
  everyMs: number | (() => number);
  /** @returns one sentence on what it did; undefined when there was nothing to do. */
  tick(): Promise<string | undefined>;
}

export interface Loop {
  /** Something has happened that it should look at: now, or as soon as the tick under way has ended. */
  wake(): void;
  /** Resolves when no tick is under way; none follows. */
  stop(): Promise<void>;
}

/** Runs a reconciler: at once, on every wake and by its timer. Ticks never overlap; a tick that fails is logged, not repeated at once. */
export function startLoop({ name, everyMs, tick }: Reconciler, log: Logger): Loop {
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
      log.error({ reconciler: name, err: failure }, 'the tick failed');
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
