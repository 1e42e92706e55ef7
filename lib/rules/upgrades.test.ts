import { describe, expect, it } from 'vitest';
import { newerSeries, upgradeProblem } from './upgrades.ts';

const problem = (from: string, to: string, tier = 'GeneralPurpose') => upgradeProblem({ from, to, tier });

describe('a major version upgrade', () => {
  it.each([
    ['5.7', '8.0.21'],
    ['8.0.21', '8.4'],
    ['8.4', '9.7'],
    ['9.3', '9.7'],
    ['9.7', '10.0'],
    ['10.1', '10.2'],
    ['10.7', '11.0'],
  ])('goes from %s to %s', (from, to) => expect(problem(from, to)).toBeUndefined());

  it.each([
    ['5.7', '8.4', /Upgrade to 8\.0 first/],
    ['8.0.21', '9.7', /Upgrade to 8\.4 first/],
    ['9.3', '10.0', /Upgrade to 9\.7 first/],
    ['8.4', '10.0', /Upgrade to 9\.7 first/],
    ['9.7', '8.4', /cannot be taken back to 8\.4.*restore/],
  ])('does not go from %s to %s', (from, to, why) => expect(problem(from, to)).toMatch(why));

  it('is not for Burstable, and comes after the replicas’', () => {
    expect(problem('8.4', '9.7', 'Burstable')).toMatch(/General Purpose/);
    expect(upgradeProblem({ from: '8.4', to: '9.7', tier: 'GeneralPurpose', hasReplicas: true })).toMatch(/replicas/);
  });

  it('offers what is newer, next one first', () => {
    expect(newerSeries(['10.0', '9.7', '8.4', '9.8'], '9.7')).toEqual(['9.8', '10.0']);
  });
});
