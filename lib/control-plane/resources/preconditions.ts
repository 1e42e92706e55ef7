import { ArmError } from '../../arm/error.ts';
import type { ArmRequest } from './route.ts';

/**
 * `If-Match` and `If-None-Match` as RFC 9110 and ARM's guidelines have them: change only what I have seen, create
 * only what is not there.
 *
 * @param etag of the resource as it is; undefined when it is not there.
 * @throws {ArmError} PreconditionFailed 412.
 */
export function requirePreconditions({ headers }: ArmRequest, etag: string | undefined): void {
  const { ifMatch, ifNoneMatch } = headers;
  if (ifMatch !== undefined && !matches(ifMatch, etag)) {
    throw failed(
      etag === undefined
        ? 'The resource is not there, and If-Match asks for one that is.'
        : 'The resource has changed since it was read. Read it again and repeat the change.',
      'If-Match',
    );
  }
  if (ifNoneMatch !== undefined && matches(ifNoneMatch, etag)) {
    throw failed('The resource is already there, and If-None-Match asks for one that is not.', 'If-None-Match');
  }
}

function matches(header: string, etag: string | undefined): boolean {
  if (etag === undefined) return false;
  if (header.trim() === '*') return true;
  return header.split(',').some((one) => one.trim().replace(/^W\//, '') === etag);
}

function failed(message: string, target: string): ArmError {
  return new ArmError('PreconditionFailed', 412, message, { target });
}
