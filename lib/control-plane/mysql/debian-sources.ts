/** One place of the machine's apt sources that packages come from. */
export interface AptSource {
  uri: string;
  suites: string[];
}

/**
 * Reads one-line (`.list`) sources: `deb [arch=amd64] http://mirror.example/debian bookworm main`.
 * Format: sources.list(5).
 */
export function parseListSources(text: string): AptSource[] {
  return text.split('\n').flatMap((line) => {
    const [, uri, suite] = /^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)/.exec(line.replace(/#.*/, '')) ?? [];
    return uri && suite ? [{ uri, suites: [suite] }] : [];
  });
}

/** Reads deb822 (`.sources`) sources: stanzas of `Types:`, `URIs:`, `Suites:`, with continued lines and comments. */
export function parseDeb822Sources(text: string): AptSource[] {
  const stanzas = text.replace(/^#.*\n?/gm, '').split(/\n\s*\n/);
  return stanzas.flatMap((stanza) => {
    const field = (name: string) => {
      const [, value = ''] = new RegExp(`^${name}:((?:.*)(?:\\n[ \\t].*)*)`, 'im').exec(stanza) ?? [];
      return value.split(/\s+/).filter(Boolean);
    };
    if (field('Enabled')[0]?.toLowerCase() === 'no' || !field('Types').includes('deb')) return [];
    const suites = field('Suites');
    return field('URIs').map((uri) => ({ uri, suites }));
  });
}

/**
 * The mirrors to ask for Debian's unstable suite, best first: those that the machine itself takes Debian from. None on a
 * machine whose apt knows no mirror of Debian's, as Ubuntu's does not unless somebody added one.
 *
 * @param codename of the machine's Debian (`bookworm`), undefined on other systems.
 */
export function debianMirrors(sources: AptSource[], codename: string | undefined): string[] {
  const suites = ['sid', 'unstable', 'testing', 'stable', ...(codename ? [codename] : [])];
  const mirrors = sources
    .filter((source) => source.suites.some((suite) => suites.includes(suite)))
    .map(({ uri }) => uri.replace(/\/+$/, ''))
    .filter((uri) => /debian(\.list)?$|debian\/\d+T\d+Z$/.test(uri) && !uri.startsWith('cdrom:'));
  return [...new Set(mirrors)];
}
