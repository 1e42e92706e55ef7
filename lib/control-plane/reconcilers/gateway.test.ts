import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test, vi } from 'vitest';
import { processIdentity, processState } from '../mysql/adoption.ts';
import type { GatewayLink } from '../operations/gateway-link.ts';
import { gatewayReconciler } from './gateway.ts';

/** A gateway that is another program: it can be stopped, and answers what it is told to. */
async function gateway(version: () => Promise<unknown>) {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  await once(child, 'spawn');
  onTestFinished(() => void child.kill('SIGKILL'));
  const client = {
    identity: processIdentity(child.pid!)!,
    hello: { pid: child.pid! },
    version,
    kill: async () => void child.kill('SIGKILL'),
  };
  const fronts = { isInForce: () => true, push: async () => [] };
  const link = { client: async () => client } as unknown as GatewayLink;
  return { child, reconciler: gatewayReconciler(fronts, link) };
}

test('a frozen gateway is ended at the second look, without asking it', async () => {
  const { child, reconciler } = await gateway(() => new Promise(() => {}));
  await freeze(child);
  expect(await reconciler.tick()).toBeUndefined();
  expect(await reconciler.tick()).toMatch(/^ended gateway \d+, which did not answer$/);
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
});

test('one that does not answer is ended once it has not answered twice; an answer between counts', async () => {
  const answers = [false, true, false, false];
  const { child, reconciler } = await gateway(async () => {
    if (!answers.shift()) throw new Error('The gateway did not answer "version".');
    return {};
  });
  const tick = () => reconciler.tick().catch((failure: Error) => failure.message);
  expect(await tick()).toMatch(/did not answer "version"/);
  expect(await tick()).toBeUndefined();
  expect(await tick()).toMatch(/did not answer "version"/);
  expect(await tick()).toMatch(/did not answer "version"/);
  expect(child.signalCode).toBeNull();
  expect(await tick()).toMatch(/^ended gateway/);
});

/** The kernel does it a moment after it was told to. */
async function freeze(child: ChildProcess): Promise<void> {
  child.kill('SIGSTOP');
  await vi.waitFor(() => expect(processState(child.pid!)).toBe('T'));
}
