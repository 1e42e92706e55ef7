/** The thread in which long series are read, so that the daemon goes on answering: SQLite's calls block. */
import { parentPort, workerData } from 'node:worker_threads';
import { openSamplesReader } from '../store/samples.ts';
import { readPoints, type WorkerAnswer, type WorkerQuestion } from './series-reader.ts';

const database = openSamplesReader(workerData as string);

parentPort!.on('message', ({ id, queries }: WorkerQuestion) => {
  try {
    parentPort!.postMessage({ id, points: readPoints(database, queries) } satisfies WorkerAnswer);
  } catch (failure) {
    parentPort!.postMessage({ id, failure } satisfies WorkerAnswer);
  }
});
