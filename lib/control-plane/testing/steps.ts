import { OPERATIONS } from '../operations/definitions.ts';

/** `npm run test:steps`: the daemon is killed before and after every step of every operation, not of a sample only. */
// oxlint-disable-next-line node/no-process-env -- which tests run, nothing of the daemon's
export const ALL_STEPS = process.env.FLEXDECK_ALL_STEPS === '1';

/** Steps that a server without a standby has no need of; those are walked with high availability. */
const OF_STANDBY = /^(standby|replication|rolling-)/;

/**
 * Where the daemon is killed in operations of this kind: at every position of its steps, or at those of the sample.
 *
 * @param sample positions, `create-server/mysqldRuns/after`.
 * @param skipped steps that the test's own operation has no need of.
 */
export function positionsOf(
  kind: keyof typeof OPERATIONS,
  sample: readonly string[],
  skipped: readonly string[] = [],
): string[] {
  const steps = OPERATIONS[kind].steps.map(({ name }) => name).filter((name) => !OF_STANDBY.test(name));
  return [...steps.filter((name) => !skipped.includes(name)), 'published']
    .flatMap((step) => [`${kind}/${step}/before`, `${kind}/${step}/after`])
    .filter((position) => ALL_STEPS || sample.includes(position));
}
