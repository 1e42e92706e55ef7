'use server';

import type { ServerKey } from '@/lib/arm/resource-id';
import { armAction } from '@/lib/azure/action';
import {
  beginDeleteServer,
  beginRestartServer,
  beginStartServer,
  beginStopServer,
  beginUpdateServer,
} from '@/lib/azure/server-commands';

export async function startServer(token: string, key: ServerKey) {
  return armAction(token, (arm) => beginStartServer(arm, key));
}

export async function stopServer(token: string, key: ServerKey) {
  return armAction(token, (arm) => beginStopServer(arm, key));
}

export async function restartServer(token: string, key: ServerKey) {
  return armAction(token, (arm) => beginRestartServer(arm, key));
}

export async function deleteServer(token: string, key: ServerKey) {
  return armAction(token, (arm) => beginDeleteServer(arm, key));
}

export async function resetPassword(token: string, key: ServerKey, password: string) {
  return armAction(token, (arm) =>
    beginUpdateServer(arm, key, { properties: { administratorLoginPassword: password } }),
  );
}
