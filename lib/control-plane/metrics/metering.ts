import type { Logger } from 'pino';
import type { Database } from '../store/database.ts';
import { appendMinute, openSamplesDatabase, readNewestMinute } from '../store/samples.ts';
import { createCreditMeter, type CreditedServer } from './credits.ts';
import { createSampler, type Sampler } from './sampler.ts';
import { createSeriesReader, type SeriesReader } from './series-reader.ts';
import { createStatusReader } from './sources/mysql.ts';
import { readStandby } from './sources/standby.ts';

/** How long a server, or its standby, may take to say how it is, before it is left for the next look. */
const TIMEOUT_MS = 3_000;

/** All that measures servers and knows what was measured. */
export interface Metering {
  /** samples.db */
  samples: Database;
  series: SeriesReader;
  sampler: Sampler;
  /** Safe to repeat. */
  close(): Promise<void>;
}

/** @param file samples.db. @param creditsOf burstable servers. @throws {Error} when a newer Flexdeck wrote it. */
export function openMetering(
  file: string,
  log: Pick<Logger, 'warn'>,
  creditsOf: (serverId: string) => CreditedServer | undefined,
): Metering {
  const samples = openSamplesDatabase(file);
  const series = createSeriesReader(samples, file);
  const withCredits = createCreditMeter(creditsOf, (serverId) => readNewestMinute(samples, serverId, 0));
  const sampler = createSampler({
    elapsed: () => performance.now(),
    statusReader: (socket) => createStatusReader(socket, TIMEOUT_MS),
    readStandby: (socket) => readStandby(socket, TIMEOUT_MS),
    keep: (serverId, minute, measured) =>
      appendMinute(samples, serverId, minute, withCredits(serverId, minute, measured)),
    failed: (serverId, source, failure) => log.warn({ serverId, source, err: failure }, 'not measured'),
  });
  return {
    samples,
    series,
    sampler,
    async close() {
      sampler.close();
      await series.close();
      if (samples.isOpen) samples.close();
    },
  };
}
