import { ArmError, type ErrorDetail } from '../../arm/error.ts';

/** `/home/x`, but not `3/4` nor `/` alone. */
const PATH = /(^|[\s'"“(=])\/[^\s/]+\/[^\s]/;

/**
 * What people are shown of a step that failed: ARM's own words, MySQL's, or the sentence that was thrown. What the system
 * says of files and programs is for the log alone: readers see the operation, and may not see paths or log lines.
 *
 * @param stage of the step, in words: `Starting MySQL`.
 */
export function errorDetail(failure: unknown, stage: string, operationId: string): ErrorDetail {
  if (failure instanceof ArmError) return failure.toDetail();
  return { code: 'InternalServerError', message: sentence(failure) ?? unknown(failure, stage, operationId) };
}

function sentence(failure: unknown): string | undefined {
  if (!(failure instanceof Error)) return undefined;
  const { code, sqlMessage } = failure as { code?: unknown; sqlMessage?: unknown };
  const text = typeof sqlMessage === 'string' ? sqlMessage : code === undefined ? failure.message : '';
  return text === '' || text.includes('\n') || PATH.test(text) ? undefined : text;
}

function unknown(failure: unknown, stage: string, operationId: string): string {
  const { code } = Object(failure) as { code?: unknown };
  const why = code === 'ENOSPC' ? 'the disk of this machine is full' : 'the log of the control plane says why';
  return `It failed while it was at “${stage}”: ${why} (operation ${operationId}).`;
}
