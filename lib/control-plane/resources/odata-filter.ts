import { ArmError } from '../../arm/error.ts';

export interface Clause {
  /** In lower case: OData's names are compared so throughout ARM. */
  field: string;
  operator: 'eq' | 'ge' | 'gt' | 'le' | 'lt';
  value: string;
}

const CLAUSE = /^\s*([\w/.]+)\s+(eq|ge|gt|le|lt)\s+(?:'((?:[^']|'')*)'|(\S+))\s*(?:$|(and)\s+)/i;

/**
 * Reads the part of OData's `$filter` that ARM's lists take: comparisons joined by `and`. Quotes are doubled inside of
 * a string; numbers, and times as the Azure CLI sends them, stand without any.
 *
 * @throws {ArmError} InvalidFilterInQueryString 400 for anything else, and for fields that are not in `allowed`.
 */
export function parseFilter(filter: string, allowed: readonly string[]): Clause[] {
  const clauses: Clause[] = [];
  let rest = filter;
  for (;;) {
    const match = CLAUSE.exec(rest);
    if (!match) throw refused(filter, allowed);
    const field = match[1]!.toLowerCase();
    if (!allowed.some((name) => name.toLowerCase() === field)) throw refused(filter, allowed);
    clauses.push({
      field,
      operator: match[2]!.toLowerCase() as Clause['operator'],
      value: match[3]?.replaceAll("''", "'") ?? match[4]!,
    });
    rest = rest.slice(match[0].length);
    if (!match[5]) return clauses;
  }
}

function refused(filter: string, allowed: readonly string[]): ArmError {
  return new ArmError(
    'InvalidFilterInQueryString',
    400,
    `Invalid $filter '${filter}' specified in the query string. It takes comparisons of ${allowed.join(', ')}, joined by 'and'.`,
    { target: '$filter' },
  );
}
