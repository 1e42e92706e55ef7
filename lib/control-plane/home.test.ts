import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  expect(statSync(paths.runFolder).mode & 0o777).toBe(0o700);
  expect(statSync(paths.home).mode & 0o777).toBe(0o700);
});

test('a home of a newer format is refused and left as it is', () => {
  const paths = homePaths(newHome());
  prepareHome(paths);
  writeFileSync(paths.homeFile, '{"format":99,"createdAt":"2030-01-01T00:00:00Z"}');
  expect(() => prepareHome(paths)).toThrow('written by a newer Flexdeck (format 99');
  expect(readFileSync(paths.homeFile, 'utf8')).toContain('99');
});
