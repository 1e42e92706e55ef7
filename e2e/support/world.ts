import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServicePrincipalFile } from '../../lib/control-plane/identity/service-principal.ts';
import type { Ready } from '../../lib/control-plane/testing/daemon.ts';

/** Set by the set-up for the workers: the home of this run's control plane. */
export const HOME_VARIABLE = 'FLEXDECK_E2E_HOME';

/** The same: the folder of its runtimes, where MySQL can be copied. */
export const RUNTIMES_VARIABLE = 'FLEXDECK_E2E_RUNTIMES';

/** What a test is told of the run it is in. */
export interface World {
  home: string;
  /** `http://localhost:41234` */
  portal: string;
  issuer: string;
  subscriptionId: string;
  principal: ServicePrincipalFile;
}

export function readWorld(): World {
  const home = process.env[HOME_VARIABLE];
  if (!home) throw new Error('These tests need the set-up of playwright.config.ts.');
  const read = (name: string) => JSON.parse(readFileSync(join(home, name), 'utf8')) as unknown;
  const ready = read('ready.json') as Ready;
  return {
    home,
    portal: ready.portal.replace(/\/$/, ''),
    issuer: ready.issuer.replace(/\/$/, ''),
    subscriptionId: ready.subscriptionId,
    principal: read('service-principal.json') as ServicePrincipalFile,
  };
}
