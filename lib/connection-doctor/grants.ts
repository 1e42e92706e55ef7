/**
 * The privileges that an account has on a whole database, from `SHOW GRANTS`: those on `*.*` and on patterns that match
 * it. Privileges on single tables and those of roles that are not active are not among them.
 */
export function privilegesOn(database: string, grants: readonly string[]): string[] {
  const found = new Set<string>();
  for (const grant of grants) {
    const [, verb, privileges = '', scope = ''] =
      /^(GRANT|REVOKE) (.+?) ON (\*|`(?:[^`]|``)+`)\.\* (?:TO|FROM) /.exec(grant) ?? [];
    if (!verb) continue;
    if (scope !== '*' && !matches(database, scope.slice(1, -1).replaceAll('``', '`'))) continue;
    // Partial revokes come after the grants that they narrow.
    for (const privilege of privileges.split(/,\s*/)) {
      if (verb === 'GRANT') found.add(privilege);
      else found.delete(privilege);
    }
  }
  found.delete('USAGE');
  return [...found];
}

/** MySQL's pattern of a grant: `_` is any one character, `%` any number of them, a backslash takes both literally. */
function matches(database: string, pattern: string): boolean {
  const source = pattern.replace(/\\?[\s\S]/g, (part) => {
    if (part === '%') return '.*';
    if (part === '_') return '.';
    const letter = part.length > 1 ? part.slice(1) : part;
    return letter.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${source}$`, 'is').test(database);
}
