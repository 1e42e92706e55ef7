import { expect, test } from 'vitest';
import type { Configuration } from '../arm/mysql/configuration.ts';
import { requestsOf } from './change-description.ts';
import { configurationsForUpdate, describeParameters, needRestart, waitingWords } from './parameter-changes.ts';
import { importParameters, parametersToJson } from './parameter-files.ts';
import { editParameter, editProblem, hasWords, isListed, isSameValue, toServerParameter } from './server-parameters.ts';

const key = { subscriptionId: 's', resourceGroup: 'shop', serverName: 'orders' };
const configuration = (name: string, properties: Configuration['properties']): Configuration => ({
  name,
  properties: { isReadOnly: 'False', isDynamicConfig: 'True', isConfigPendingRestart: 'False', ...properties },
});
const longQuery = toServerParameter(
  configuration('long_query_time', {
    value: '10',
    currentValue: '10.000000',
    defaultValue: '10',
    dataType: 'Numeric',
    allowedValues: '0-4719230590769954816',
  }),
);
const bufferPool = toServerParameter(
  configuration('innodb_buffer_pool_size', {
    value: '1577058304',
    defaultValue: '134217728',
    dataType: 'Integer',
    allowedValues: '5242880-9223372036854775807',
    source: 'user-override',
    isDynamicConfig: 'False',
  }),
);
const ssl = toServerParameter(
  configuration('require_secure_transport', {
    value: 'ON',
    defaultValue: 'ON',
    dataType: 'Enumeration',
    allowedValues: 'ON,OFF',
  }),
);
const readOnly = toServerParameter(configuration('version', { value: '9.7.4', isReadOnly: 'True' }));
const all = [longQuery, bufferPool, ssl, readOnly];

test('reads a parameter, and which group it belongs to', () => {
  expect(bufferPool).toMatchObject({ isModified: true, isDynamic: false, isReadOnly: false, group: 'InnoDB' });
  expect(longQuery).toMatchObject({ currentValue: '10.000000', isModified: false, group: 'Logs' });
});

test('lists and finds them', () => {
  const listed = (list: Parameters<typeof isListed>[1], edits = {}) =>
    all.filter((one) => isListed(one, list, edits)).map(({ name }) => name);
  expect(listed('changeable')).toHaveLength(3);
  expect(listed('modified')).toEqual(['innodb_buffer_pool_size']);
  expect(listed('static')).toEqual(['innodb_buffer_pool_size']);
  expect(listed('readOnly')).toEqual(['version']);
  expect(listed('edited', { long_query_time: '2' })).toEqual(['long_query_time']);
  expect(all.filter((one) => hasWords(one, 'buffer POOL')).map(({ name }) => name)).toEqual([
    'innodb_buffer_pool_size',
  ]);
});

test('knows equal values by their type', () => {
  expect(isSameValue(longQuery, '10', '10.000000')).toBe(true);
  expect(isSameValue(ssl, 'on', 'ON')).toBe(true);
  expect(isSameValue({ dataType: 'Set' }, 'a,b', 'B, A')).toBe(true);
  expect(isSameValue({ dataType: 'Integer' }, '9223372036854775807', '9223372036854775806')).toBe(false);
  expect(isSameValue({ dataType: 'String' }, 'a', 'A')).toBe(false);
});

test('an edit that changes nothing is none; a reset is one where a person set the value', () => {
  expect(editParameter({}, longQuery, '2')).toEqual({ long_query_time: '2' });
  expect(editParameter({ long_query_time: '2' }, longQuery, '10.0')).toEqual({});
  expect(editParameter({}, longQuery, null)).toEqual({});
  expect(editParameter({}, bufferPool, null)).toEqual({ innodb_buffer_pool_size: null });
  expect(editProblem(longQuery, { long_query_time: 'soon' })).toMatch(/must be a number within/);
});

test('sends one batch, and says what waits for a restart', () => {
  const edits = { long_query_time: '2', innodb_buffer_pool_size: null };
  expect(configurationsForUpdate(all, edits)).toEqual([
    { name: 'long_query_time', properties: { value: '2', source: 'user-override' } },
    { name: 'innodb_buffer_pool_size', properties: { value: '134217728', source: 'system-default' } },
  ]);
  const change = describeParameters(key, all, edits)!;
  expect(change.action).toBe('updateConfigurations');
  expect(change.changes).toEqual([
    { label: 'long_query_time', from: '10', to: '2' },
    { label: 'innodb_buffer_pool_size', from: '1577058304', to: '134217728 (the default)' },
  ]);
  expect(change.restarts).toBeUndefined();
  expect(describeParameters(key, all, edits, true)!.restarts).toMatch(
    /^The server restarts for innodb_buffer_pool_size/,
  );
  expect(waitingWords(needRestart(all, edits))).toMatch(
    /^innodb_buffer_pool_size is static: it takes effect at the next restart/,
  );
  expect(change.azCommand).toContain('--args long_query_time=2 innodb_buffer_pool_size=134217728');
  expect(requestsOf(describeParameters(key, all, edits, true)!).map(({ action }) => action)).toEqual([
    'updateConfigurations',
    'restart',
  ]);
  expect(describeParameters(key, all, {})).toBeUndefined();
  expect(describeParameters(key, all, { long_query_time: '2' })!.restarts).toBeUndefined();
});

test('imports what it exported, and lists as the service answers them', () => {
  expect(JSON.parse(parametersToJson(all, 'orders', true))).toEqual({
    server: 'orders',
    parameters: { innodb_buffer_pool_size: '1577058304' },
  });
  expect(importParameters(parametersToJson(all, 'orders', false), all)).toEqual({ edits: {}, same: 3, leftOut: [] });
  const file = { long_query_time: 0.5, require_secure_transport: 'MAYBE', nothing: '1', version: '8.4' };
  const read = importParameters(JSON.stringify(file), all);
  expect(read.edits).toEqual({ long_query_time: '0.5' });
  expect(read.leftOut.map(({ name }) => name)).toEqual(['require_secure_transport', 'nothing', 'version']);
  const list = { value: [{ name: 'long_query_time', properties: { value: '3' } }] };
  expect(importParameters(JSON.stringify(list), all).edits).toEqual({ long_query_time: '3' });
  expect(() => importParameters('not json', all)).toThrow(/not JSON/);
  expect(() => importParameters('[]', all)).not.toThrow();
  expect(() => importParameters('3', all)).toThrow(/no parameters/);
});
