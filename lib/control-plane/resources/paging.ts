import { ArmError } from '../../arm/error.ts';
import type { ArmRequest } from './route.ts';

/** Items of one answer; what is beyond it is behind `nextLink`. */
export const PAGE_SIZE = 100;

/**
 * One page of a list, with a `nextLink` when there is more. `$top` and `$skipToken` are ARM's; a token is the number
 * of items already given, so a list that changes between two pages may show an item twice or not at all, as in Azure.
 *
 * @throws {ArmError} InvalidTopParameter or InvalidSkipToken 400.
 */
export function page<T>(request: ArmRequest, items: readonly T[]): { value: T[]; nextLink?: string } {
  const { limit, offset } = pageBounds(request);
  return pageFrom(request, items.slice(offset, offset + limit), items.length > offset + limit);
}

/**
 * Where the page that `request` asks for begins and how long it is, for lists that the store cuts itself.
 *
 * @param tokens what the list's own tokens look like, where they are no numbers of items.
 */
export function pageBounds(request: ArmRequest, tokens = /^\d{1,9}$/): { limit: number; offset: number } {
  const top = request.query['$top'];
  if (top !== undefined && !/^[1-9]\d{0,5}$/.test(top)) {
    throw new ArmError('InvalidTopParameter', 400, `The value '${top}' of $top is not a whole number above 0.`, {
      target: '$top',
    });
  }
  const token = skipTokenOf(request);
  if (token !== undefined && !tokens.test(token)) {
    throw new ArmError('InvalidSkipToken', 400, 'The $skipToken was not given by this list. Begin again without it.', {
      target: '$skipToken',
    });
  }
  return { limit: Math.min(Number(top ?? PAGE_SIZE), PAGE_SIZE), offset: Number(token ?? 0) };
}

function pageFrom<T>(request: ArmRequest, value: T[], more: boolean): { value: T[]; nextLink?: string } {
  if (!more) return { value };
  return { value, nextLink: linkAfter(request, pageBounds(request).offset + value.length) };
}

/** The same question again. @param skip items given before, or the list's own token. */
export function linkAfter(request: ArmRequest, skip: number | string): string {
  const link = new URL(request.url, request.origin);
  link.searchParams.delete('$skiptoken');
  link.searchParams.set('$skipToken', String(skip));
  return link.href;
}

/** OData's names are without regard to case; clients send `$skiptoken` too. */
export function skipTokenOf(request: ArmRequest): string | undefined {
  return request.query['$skipToken'] ?? request.query['$skiptoken'];
}
