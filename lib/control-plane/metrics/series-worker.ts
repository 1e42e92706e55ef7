/** The thread in which long series are read, so that the daemon goes on answering: SQLite's calls block. */
import { parentPort, workerData } from 'node:worker_threads';
import { openSamplesReader } from '../store/samples.ts';
import { readPoints, type WorkerAnswer, type WorkerQuestion } from './series-reader.ts';

const database = openSamplesReader(workerData as string);

parentPort!.on('message', (question: WorkerQuestion) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
  parentPort!.postMessage(answerTo(question));
});

function answerTo({ id, queries }: WorkerQuestion): WorkerAnswer {
  try {
    return { id, points: readPoints(database, queries) };
  } catch (failure) {
    return { id, failure };
  }
}
