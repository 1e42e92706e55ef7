import { expect, test } from 'vitest';
import { checkName } from './databases.ts';

test.each(['shop', 'with space', 'o`ld', "o'ld", 'größe', 'x'.repeat(64), '42'])('%j may be a name', (name) => {
  expect(() => checkName(name)).not.toThrow();
});

test.each(['', 'x'.repeat(65), 'MySQL', 'sys', 'Performance_Schema', 'a/b', 'a\\b', 'a.b', 'a\0', 'smile😀', 'end '])(
  '%j may not',
  (name) => {
    expect(() => checkName(name)).toThrow(expect.objectContaining({ code: 'InvalidParameterValue', status: 400 }));
  },
);
