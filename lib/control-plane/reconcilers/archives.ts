import type { World } from '../operations/world.ts';
import type { Reconciler } from './loop.ts';

/** Every server that runs has its log archived. */
export function archivesReconciler({ archives }: Pick<World, 'archives'>): Reconciler {
  return {
    name: 'archives',
    everyMs: 200,
    async tick() {
      await archives.look();
      return undefined;
    },
  };
}
