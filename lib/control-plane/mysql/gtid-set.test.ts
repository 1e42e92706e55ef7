import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GtidSet } from './gtid-set.ts';

const A = 'aaaaaaaa-0000-0000-0000-000000000001';
const B = 'bbbbbbbb-0000-0000-0000-000000000002';

test('reads and writes what MySQL writes', () => {
  const text = `${A}:1-5:7,${A}:tag:1-2,${B}:3`;
  expect(GtidSet.parse(text).toString()).toBe(text);
  expect(GtidSet.parse(`${B.toUpperCase()}:3,\n${A}:7:1-5:tag:1-2`).toString()).toBe(text);
  expect(GtidSet.parse('').isEmpty()).toBe(true);
  expect(() => GtidSet.parse('nonsense:1')).toThrow('is no part of a GTID set');
});

test('knows what is in it, and how much', () => {
  const set = GtidSet.parse(`${A}:1-5:7`);
  expect([set.has(A, 5), set.has(A, 6), set.has(A, 7), set.has(B, 1)]).toEqual([true, false, true, false]);
  expect(set.count()).toBe(6);
  set.add(A, 6);
  expect(set.toString()).toBe(`${A}:1-7`);
});

const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 30 }));
const of = (list: readonly number[]) => {
  const set = new GtidSet();
  for (const number of list) set.add(A, number);
  return set;
};

test('is a set', () => {
  fc.assert(
    fc.property(numbers, numbers, (one, other) => {
      const left = one.filter((number) => !other.includes(number));
      expect(of(one).minus(of(other)).toString()).toBe(of(left).toString());
      expect(of(one).common(of(other)).toString()).toBe(of(one.filter((it) => other.includes(it))).toString());
      expect(of(one).addAll(of(other)).count()).toBe(new Set([...one, ...other]).size);
      expect(of(one).isSubsetOf(of(other))).toBe(left.length === 0);
      expect(GtidSet.parse(of(one).toString()).toString()).toBe(of(one).toString());
    }),
  );
});

test('leaves out what a binary log that began with a copy cannot name', () => {
  const here = GtidSet.parse(`${A}:1-9,${B}:1-4`);
  expect(String(here.withoutEarlierThan(GtidSet.parse(`${A}:4-6`), A))).toBe(`${A}:4-9`);
  expect(String(here.withoutEarlierThan(GtidSet.parse(`${A}:4-6`), B))).toBe(`${A}:4-9,${B}:1-4`);
});

test('leaves out what a server began itself after all that the other has of it', () => {
  const [here, there] = [`${A}:1-3:5-9,${A}:tag:4,${B}:1-2`, `${A}:1-6,${B}:1`].map((text) => GtidSet.parse(text));
  expect(String(here!.withoutLaterOf(A, there!))).toBe(`${A}:1-3:5-6,${B}:1-2`);
  expect(String(here!.withoutLaterOf(B, there!))).toBe(`${A}:1-3:5-9,${A}:tag:4,${B}:1`);
});
