import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test, vi } from 'vitest';
import { processIdentity, processState } from '../mysql/adoption.ts';
import { createTestCloud, withServer } from '../resources/conformance-world.ts';
import { listInstances, setProcess } from '../store/instances.ts';
import { FROZEN_MS, frozenProcessesReconciler } from './frozen-processes.ts';

/** A server whose mysqld is another program, which a signal can stop as well. */
async function serverOfProcess() {
  const child: ChildProcess = spawn('sleep', ['60'], { stdio: 'ignore' });
  await once(child, 'spawn');
  onTestFinished(() => void child.kill('SIGKILL'));
  const { world } = (await withServer(createTestCloud())).resources.control;
  setProcess(world.database, listInstances(world.database)[0]!.id, processIdentity(child.pid!));
  let now = 0;
  const reconciler = frozenProcessesReconciler(world, () => now);
  const tickAt = (at: number) => {
    now = at;
    return reconciler.tick();
  };
  return { child, tickAt };
}

test('a mysqld that stays frozen is ended, so that nobody waits for it for ever', async () => {
  const { child, tickAt } = await serverOfProcess();
  const ended = once(child, 'exit');
  await freeze(child);
  expect(await tickAt(0)).toBeUndefined();
  expect(await tickAt(FROZEN_MS - 1)).toBeUndefined();
  expect(await tickAt(FROZEN_MS)).toBe('ended the primary of srv1: its process was frozen');
  expect(await ended).toEqual([null, 'SIGKILL']);
});

test('one that goes on in time, or was never stopped, is left alone', async () => {
  const { child, tickAt } = await serverOfProcess();
  expect(await tickAt(0)).toBeUndefined();
  await freeze(child);
  expect(await tickAt(1)).toBeUndefined();
  child.kill('SIGCONT');
  await vi.waitFor(() => expect(processState(child.pid!)).not.toBe('T'));
  expect(await tickAt(FROZEN_MS)).toBeUndefined();
  await freeze(child);
  expect(await tickAt(2 * FROZEN_MS)).toBeUndefined();
  expect(child.exitCode ?? child.signalCode).toBeNull();
});

/** The kernel does it a moment after it was told to. */
async function freeze(child: ChildProcess): Promise<void> {
  child.kill('SIGSTOP');
  await vi.waitFor(() => expect(processState(child.pid!)).toBe('T'));
}
