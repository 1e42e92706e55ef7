import type { ServerKey } from '../arm/resource-id.ts';
import { apiPaths } from '../paths.ts';
import type { ConnectionReport } from '../rules/connection-report.ts';
import { ask } from './client.ts';

/** What the doctor tries to sign in with; without a password it stops at TLS. */
export interface DoctorQuestion {
  user: string;
  password: string;
  database: string;
}

/** Has the portal connect to the server as a client does. Nothing of the question is kept. */
export function examineConnection(server: ServerKey, question: DoctorQuestion): Promise<ConnectionReport> {
  return ask<ConnectionReport>(apiPaths.connectionDoctor(server), question);
}
