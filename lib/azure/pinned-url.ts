import { ArmError } from '../arm/error.ts';

/**
 * The URL, if it lies under ARM's own scheme, host and port; a token is sent nowhere else. Links to pages and
 * operations come from answers and from the browser's storage.
 *
 * @param endpoint ARM's origin.
 * @throws {ArmError} ForeignUrl 400
 */
export function pinnedTo(endpoint: string, url: string): string {
  const target = URL.canParse(url) ? new URL(url) : undefined;
  if (!target || target.origin !== new URL(endpoint).origin || target.username !== '' || target.password !== '') {
    throw new ArmError('ForeignUrl', 400, `This link does not lead to the Resource Manager at ${endpoint}.`);
  }
  return target.href;
}

/** `…/providers/{namespace}/locations/{location}/azureAsyncOperation/{id}` and its kin; `…/operationresults/{id}`. */
const OPERATION_PATH =
  /^\/subscriptions\/[\w-]+\/(resourcegroups\/[^/]+\/)?(providers\/[\w.]+\/locations\/[^/]+\/)?(azureasyncoperation|operationresults|operationstatus(es)?|operationprogress)\/[^/]+$/i;

/**
 * The URL of an operation's status, with its host and the shape of its path checked: the browser hands it in, and must
 * not be able to read anything else by it.
 *
 * @throws {ArmError} ForeignUrl 400
 */
export function operationUrl(endpoint: string, url: string): string {
  const pinned = pinnedTo(endpoint, url);
  if (OPERATION_PATH.test(new URL(pinned).pathname)) return pinned;
  throw new ArmError('ForeignUrl', 400, 'This link does not lead to the status of an operation.');
}
