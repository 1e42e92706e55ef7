import { expect, test } from 'vitest';
import { debianMirrors, parseDeb822Sources, parseListSources } from './debian-sources.ts';

test('reads one-line sources with options, comments and other types', () => {
  const text = [
    '# deb http://commented.example/debian bookworm main',
    'deb [arch=amd64 signed-by=/k.gpg] https://mirror.example/debian/ bookworm main contrib # ours',
    'deb-src http://mirror.example/debian bookworm main',
    'deb http://mirror.example/debian-security bookworm-security main',
  ].join('\n');
  expect(parseListSources(text)).toEqual([
    { uri: 'https://mirror.example/debian/', suites: ['bookworm'] },
    { uri: 'http://mirror.example/debian-security', suites: ['bookworm-security'] },
  ]);
});

test('reads deb822 sources: several addresses, continued lines, comments within, disabled stanzas', () => {
  const text = [
    'Types: deb deb-src',
    '# a comment',
    'URIs: http://one.example/debian',
    '  http://two.example/debian',
    'Suites: trixie',
    ' trixie-updates',
    'Components: main',
    '',
    'Enabled: no',
    'Types: deb',
    'URIs: http://off.example/debian',
    'Suites: trixie',
    '',
    'Types: deb-src',
    'URIs: http://sources.example/debian',
    'Suites: trixie',
  ].join('\n');
  expect(parseDeb822Sources(text)).toEqual([
    { uri: 'http://one.example/debian', suites: ['trixie', 'trixie-updates'] },
    { uri: 'http://two.example/debian', suites: ['trixie', 'trixie-updates'] },
  ]);
});

test("Debian asks its own mirror first and others' archives never", () => {
  const sources = [
    { uri: 'http://mirror.example/debian/', suites: ['bookworm', 'bookworm-updates'] },
    { uri: 'http://mirror.example/debian-security', suites: ['bookworm-security'] },
    { uri: 'https://packages.example/apt', suites: ['bookworm'] },
  ];
  expect(debianMirrors(sources, 'bookworm')).toEqual(['http://mirror.example/debian']);
});

test('Ubuntu has none until somebody adds one', () => {
  const ubuntu = { uri: 'http://mirror.example/ubuntu', suites: ['noble'] };
  expect(debianMirrors([ubuntu], undefined)).toEqual([]);
  const debian = { uri: 'http://mirror.example/debian', suites: ['sid'] };
  expect(debianMirrors([ubuntu, debian], undefined)).toEqual(['http://mirror.example/debian']);
});
