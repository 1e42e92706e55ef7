import { pino } from 'pino';
import { expect, test } from 'vitest';
import { logLines } from './log-lines.ts';

const refusing = (code: string) => () => {
  throw Object.assign(new Error(code), { code });
};

test('a line is written whole, also where that takes several turns or a reader is slow', () => {
  let written = '';
  let turn = 0;
  const destination = logLines((_, bytes) => {
    turn += 1;
    if (turn === 2) return refusing('EAGAIN')();
    const part = Buffer.from(bytes).toString().slice(0, 10);
    written += part;
    return part.length;
  });
  pino({ base: null, timestamp: false }, destination).info('a sentence that is longer than ten letters');
  expect(JSON.parse(written)).toMatchObject({ msg: 'a sentence that is longer than ten letters' });
});

test('a line that there is no room for is lost, and nothing else is', () => {
  for (const code of ['ENOSPC', 'EPIPE', 'EAGAIN']) {
    const log = pino({}, logLines(refusing(code)));
    expect(() => log.error({ err: new Error('x') }, 'lost')).not.toThrow();
  }
});
