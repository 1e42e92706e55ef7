/** What the connection doctor found, hop by hop, as the route handler answers it. */

export type HopId = 'server' | 'name' | 'port' | 'firewall' | 'answer' | 'tls' | 'signIn' | 'database';

/** What a person can do about a failed hop with one click. */
export type Fix =
  | { kind: 'startServer' }
  | { kind: 'addAddress'; address: string }
  | { kind: 'resetPassword' }
  | { kind: 'createDatabase' };

export interface Hop {
  id: HopId;
  /** `skipped`: a hop before it failed, or nothing was given to try it with. */
  status: 'passed' | 'warned' | 'failed' | 'skipped';
  /** What was seen, as a sentence, and what to do about it. */
  detail: string;
  milliseconds?: number;
  fix?: Fix;
}

export interface ConnectionReport {
  host: string;
  port: number;
  hops: Hop[];
}

export const HOP_LABELS: Record<HopId, string> = {
  server: 'Server',
  name: 'Name',
  port: 'Port',
  firewall: 'Firewall',
  answer: 'MySQL',
  tls: 'TLS',
  signIn: 'Sign-in',
  database: 'Database',
};
