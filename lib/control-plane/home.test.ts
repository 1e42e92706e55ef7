import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { homePaths, prepareHome } from './home.ts';

function newHome(): string {
  const folder = mkdtempSync(join(tmpdir(), 'flexdeck-home-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'home');
}

test('a socket in the run folder fits the limit of 107 bytes, however long the home', () => {
  for (const length of [10, 50, 58, 59, 60, 100, 200]) {
    const { runFolder } = homePaths(`/${'h'.repeat(length)}`);
    expect(Buffer.byteLength(join(runFolder, `${'i'.repeat(36)}.sock`))).toBeLessThanOrEqual(107);
  }
  expect(homePaths(`/${'a'.repeat(100)}`).runFolder).not.toBe(homePaths(`/${'b'.repeat(100)}`).runFolder);
});

test('preparing a home twice keeps its file, and sockets are private', () => {
  const paths = homePaths(newHome());
  prepareHome(paths);
  const file = readFileSync(paths.homeFile, 'utf8');
  prepareHome(paths);
  expect(readFileSync(paths.homeFile, 'utf8')).toBe(file);
  for (const folder of [paths.runFolder, dirname(paths.gatewaySocket)]) {
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  }
  expect(statSync(paths.home).mode & 0o777).toBe(0o700);
});

test.runIf(process.getuid?.() === 0)('a mysqld of another user owns its sockets and nothing beside them', () => {
  const paths = homePaths(newHome());
  prepareHome(paths, { uid: 60833, gid: 60833 });
  expect(statSync(paths.runFolder)).toMatchObject({ uid: 60833 });
  for (const folder of [dirname(paths.runFolder), dirname(paths.gatewaySocket)]) {
    const { uid, mode } = statSync(folder);
    expect([uid, mode & 0o022]).toEqual([0, 0]);
  }
  expect(statSync(dirname(paths.gatewaySocket)).mode & 0o077).toBe(0);
});

test('a home of a newer format is refused and left as it is', () => {
  const paths = homePaths(newHome());
  prepareHome(paths);
  writeFileSync(paths.homeFile, '{"format":99,"createdAt":"2030-01-01T00:00:00Z"}');
  expect(() => prepareHome(paths)).toThrow('written by a newer Flexdeck (format 99');
  expect(readFileSync(paths.homeFile, 'utf8')).toContain('99');
});
