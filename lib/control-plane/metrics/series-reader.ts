import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Database } from '../store/database.ts';
import { readSeries, type SeriesQuery } from '../store/samples.ts';
import type { Aggregation } from '../../arm/insights/aggregations.ts';
import { readStatementHistory, type StatementHistory, type StatementSpan } from '../store/statements.ts';
import { renderPoints } from './points.ts';

/** More points than this take over 20 ms to read and write out: a thread of their own does that. */
const MOST_POINTS_HERE = 10_000;
/** An hour of statements by the minute is 3,000 rows, some 5 ms; a month is 70,000. */
const LONGEST_STATEMENTS_HERE_MS = 60 * 60_000;

export interface PointsQuery extends SeriesQuery {
  aggregations: readonly Aggregation[];
}

/** Reads what was measured, as the wire has it. */
export interface SeriesReader {
  /** The points of each query as JSON, without the brackets around. */
  points(queries: readonly PointsQuery[]): Promise<string[]>;
  /** What statements cost. @param statement whose trend is wanted; without, that of all. */
  statements(span: StatementSpan, statement?: number): Promise<StatementHistory>;
  close(): Promise<void>;
}

type Asked = { queries: readonly PointsQuery[] } | { span: StatementSpan; statement: number | undefined };

export type WorkerQuestion = Asked & { id: number };

export interface WorkerAnswer {
  id: number;
  points?: string[];
  history?: StatementHistory;
  failure?: unknown;
}

export function readPoints(database: Database, queries: readonly PointsQuery[]): string[] {
  return queries.map((query) => renderPoints(query, readSeries(database, query), query.aggregations));
}

/** @param file of the database, for the thread; without one (tests) everything is read here. */
export function createSeriesReader(database: Database, file?: string): SeriesReader {
  let thread: { worker: Worker; waiting: Map<number, (answer: WorkerAnswer) => void> } | undefined;
  let lastId = 0;

  function startThread(path: string) {
    const worker = new Worker(new URL('./series-worker.ts', import.meta.url), { workerData: path });
    const waiting = new Map<number, (answer: WorkerAnswer) => void>();
    worker.unref();
    worker.on('message', (answer: WorkerAnswer) => waiting.get(answer.id)?.(answer));
    worker.once('error', (failure) => {
      thread = undefined;
      for (const [id, answer] of waiting) answer({ id, failure });
    });
    return { worker, waiting };
  }

  async function ask(path: string, asked: Asked): Promise<WorkerAnswer> {
    thread ??= startThread(path);
    const { worker, waiting } = thread;
    const id = (lastId += 1);
    const answer = await new Promise<WorkerAnswer>((settle) => {
      waiting.set(id, settle);
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
      worker.postMessage({ id, ...asked } satisfies WorkerQuestion);
    });
    waiting.delete(id);
    if (answer.points || answer.history) return answer;
    throw answer.failure;
  }

  return {
    async points(queries) {
      const count = queries.reduce((sum, { steps }) => sum + steps, 0);
      return file === undefined || count <= MOST_POINTS_HERE
        ? readPoints(database, queries)
        : (await ask(file, { queries })).points!;
    },
    async statements(span, statement) {
      return file === undefined || span.to - span.from <= LONGEST_STATEMENTS_HERE_MS
        ? readStatementHistory(database, span, statement)
        : (await ask(file, { span, statement })).history!;
    },
    async close() {
      if (!thread) return;
      const { worker } = thread;
      thread = undefined;
      const exited = once(worker, 'exit');
      await worker.terminate();
      await exited.catch(() => {});
    },
  };
}
