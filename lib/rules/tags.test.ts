import { expect, test } from 'vitest';
import { editedTags, MAX_TAGS, tagFaults } from './tags.ts';

test('names each faulty tag by its place', () => {
  expect(tagFaults([{ name: 'env', value: 'prod' }])).toEqual([]);
  const faults = tagFaults([
    { name: 'env', value: 'prod' },
    { name: '', value: 'x' },
    { name: 'ENV', value: 'dev' },
    { name: 'a?b', value: '' },
  ]);
  expect(faults.map(({ index, field }) => `${index} ${field}`)).toEqual(['1 name', '2 name', '3 name']);
  const many = Array.from({ length: MAX_TAGS + 1 }, (_, index) => ({ name: `t${index}`, value: '' }));
  expect(tagFaults(many)).toEqual([{ index: MAX_TAGS, field: 'name', message: 'A resource has at most 50 tags.' }]);
});

test('an edit keeps what others changed meanwhile', () => {
  const base = { env: 'prod', team: 'orders', old: 'yes' };
  const present = { env: 'prod', team: 'payments', old: 'yes', added: 'by others' };
  const edited = [
    { name: 'env', value: 'test' },
    { name: 'team', value: 'orders' },
    { name: 'mine', value: '1' },
  ];
  expect(editedTags(present, base, edited)).toEqual({ team: 'payments', added: 'by others', env: 'test', mine: '1' });
});
