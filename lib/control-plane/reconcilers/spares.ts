import { listSpares, prepareSpare, removeUselessSpares } from '../mysql/spare.ts';
import type { World } from '../operations/world.ts';
import { listInstances } from '../store/instances.ts';
import { listOperationsInProgress } from '../store/operations.ts';
import type { Reconciler } from './loop.ts';

/** What could not be made is not tried again at once. */
const AGAIN_AFTER_MS = 10 * 60_000;

type Needs = Pick<World, 'database' | 'clock' | 'paths' | 'machine' | 'runtimes' | 'template'>;

/**
 * Has one data directory ready for the next server: of the best runtime, and of each other that a server runs on. It is
 * made while no operation runs, at the lowest priority.
 *
 * @param signal ends what is being made, so that the daemon need not wait for it.
 */
export function sparesReconciler(world: Needs, signal: AbortSignal): Reconciler {
  const { database, clock, paths, machine } = world;
  let notBefore = 0;

  async function make(): Promise<string | undefined> {
    const used = new Set(listInstances(database).map(({ runtimeId }) => runtimeId));
    const runtimes = world.runtimes.filter(({ id }, index) => index === 0 || used.has(id));
    const templates = await Promise.all(runtimes.map((runtime) => world.template(runtime)));
    await removeUselessSpares(paths.sparesFolder, templates);
    for (const [index, runtime] of runtimes.entries()) {
      const template = templates[index]!;
      if ((await listSpares(paths.sparesFolder, template)).length > 0) continue;
      const begin = clock.now();
      await prepareSpare({ runtime, template, sparesFolder: paths.sparesFolder, machine, signal });
      const seconds = (clock.now() - begin) / 1000;
      return `made a data directory for the next server of MySQL ${runtime.series}, in ${seconds.toFixed(1)} s`;
    }
    return undefined;
  }

  return {
    name: 'spares',
    everyMs: 10_000,
    async tick() {
      if (clock.now() < notBefore || signal.aborted || listOperationsInProgress(database).length > 0) return undefined;
      try {
        return await make();
      } catch (failure) {
        if (signal.aborted) return undefined;
        notBefore = clock.now() + AGAIN_AFTER_MS;
        throw failure;
      }
    },
  };
}
