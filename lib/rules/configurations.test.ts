import { describe, expect, it } from 'vitest';
import { configurationProblem } from './configurations.ts';

const rule = (dataType: string, allowedValues: string, isReadOnly = false) => ({
  name: 'it',
  dataType,
  allowedValues,
  isReadOnly,
});

describe('server parameters', () => {
  it.each([
    ['Integer', '10-341', '10'],
    ['Integer', '0,11-1000000', '0'],
    ['Integer', '100-18446744073709551615', '18446744073709551615'],
    ['Integer', '-1-10', '-1'],
    ['Numeric', '0-31536000', '0.5'],
    ['Enumeration', 'ON,OFF', 'on'],
    ['Set', ',ANSI_QUOTES,STRICT_TRANS_TABLES', 'STRICT_TRANS_TABLES,ANSI_QUOTES'],
    ['Set', ',ANSI_QUOTES', ''],
    ['String', '', 'SET NAMES utf8mb4'],
  ])('%s %s takes %s', (dataType, allowed, value) => {
    expect(configurationProblem(rule(dataType, allowed), value)).toBeUndefined();
  });

  it.each([
    ['Integer', '10-341', '9'],
    ['Integer', '0,11-1000000', '5'],
    ['Integer', '100-18446744073709551615', '18446744073709551616'],
    ['Integer', '10-341', '1e2'],
    ['Integer', '10-341', ''],
    ['Numeric', '0-31536000', 'ten'],
    ['Enumeration', 'ON,OFF', 'MAYBE'],
    ['Set', ',ANSI_QUOTES', 'ANSI_QUOTES,OTHER'],
  ])('%s %s refuses %s', (dataType, allowed, value) => {
    expect(configurationProblem(rule(dataType, allowed), value)).toMatch(/it /);
  });

  it('says that a read-only one is', () => {
    expect(configurationProblem(rule('Integer', '1-2', true), '1')).toMatch(/read-only/);
  });
});
