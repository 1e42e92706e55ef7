/** The thread in which long series and long histories of statements are read, so that the daemon goes on answering: SQLite's calls block. */
import { parentPort, workerData } from 'node:worker_threads';
import { openSamplesReader } from '../store/samples.ts';
import { readStatementHistory } from '../store/statements.ts';
import { readPoints, type WorkerAnswer, type WorkerQuestion } from './series-reader.ts';

const database = openSamplesReader(workerData as string);

parentPort!.on('message', (question: WorkerQuestion) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
  parentPort!.postMessage(answerTo(question));
});

function answerTo(question: WorkerQuestion): WorkerAnswer {
  const { id } = question;
  try {
    return 'queries' in question
      ? { id, points: readPoints(database, question.queries) }
      : { id, history: readStatementHistory(database, question.span, question.statement) };
  } catch (failure) {
    return { id, failure };
  }
}
