import { describe, expect, it } from 'vitest';
import type { BuildFacts, ServerUse } from '../mysql/upgrade-facts.ts';
import {
  judgeAccounts,
  judgeDefaults,
  judgeFeatures,
  judgeParameters,
  judgeReservedWords,
  judgeSpace,
  judgeTransactions,
  newlyReserved,
} from './upgrade-judgement.ts';

const facts = (change: Partial<BuildFacts> = {}): BuildFacts => ({
  variables: new Map([
    ['sort_buffer_size', '262144'],
    ['datadir', '/somewhere'],
  ]),
  authentication: new Set(['caching_sha2_password', 'auth_socket']),
  reservedWords: new Set(['SELECT']),
  engines: new Set(['InnoDB', 'MyISAM']),
  collations: new Set(['utf8mb4_0900_ai_ci']),
  refusedSqlModes: [],
  ...change,
});
const use = (change: Partial<ServerUse> = {}): ServerUse => ({
  accounts: [{ account: 'owner@%', plugin: 'caching_sha2_password' }],
  engines: [{ engine: 'InnoDB', tables: 3, example: 'shop.orders' }],
  collations: [{ collation: 'utf8mb4_0900_ai_ci', columns: 3, example: 'shop.orders.note' }],
  sqlModes: [],
  prepared: 0,
  ...change,
});

describe('what an upgrade’s checks make of the facts', () => {
  it('passes where all that is used is there', () => {
    const outcomes = [
      judgeParameters({ sort_buffer_size: '1' }, facts()),
      judgeDefaults({}, facts(), facts()),
      judgeAccounts(use(), facts()),
      judgeFeatures(use(), facts()),
      judgeReservedWords([], []),
      judgeTransactions(use()),
      judgeSpace(1024 ** 3, 10 * 1024 ** 3),
    ].map(({ outcome }) => outcome);
    expect(new Set(outcomes)).toEqual(new Set(['Passed']));
  });

  it('names parameters that are gone', () => {
    const judged = judgeParameters({ sort_buffer_size: '1', query_cache_size: '0' }, facts());
    expect(judged).toMatchObject({ outcome: 'Failed', items: ['query_cache_size'] });
  });

  it('names defaults that change, but for those that the person set and those of any server', () => {
    const next = facts({
      variables: new Map([
        ['sort_buffer_size', '1'],
        ['datadir', '/elsewhere'],
      ]),
    });
    expect(judgeDefaults({}, facts(), next)).toMatchObject({
      outcome: 'Warning',
      items: ['sort_buffer_size: 262144 → 1'],
    });
    expect(judgeDefaults({ sort_buffer_size: '5' }, facts(), next).outcome).toBe('Passed');
  });

  it('names accounts whose plug-in is gone', () => {
    const accounts = [{ account: 'old@%', plugin: 'mysql_native_password' }];
    expect(judgeAccounts(use({ accounts }), facts())).toMatchObject({
      outcome: 'Failed',
      items: ['old@% (mysql_native_password)'],
    });
  });

  it('names engines, collations and SQL modes that are gone', () => {
    const judged = judgeFeatures(
      use(),
      facts({ engines: new Set(['MyISAM']), collations: new Set(), refusedSqlModes: ['NO_AUTO_CREATE_USER'] }),
    );
    expect(judged.outcome).toBe('Failed');
    expect(judged.items).toHaveLength(3);
  });

  it('warns of names that become reserved', () => {
    const words = newlyReserved(facts(), facts({ reservedWords: new Set(['SELECT', 'QUALIFY']) }));
    expect(words).toEqual(['QUALIFY']);
    expect(judgeReservedWords(words, []).outcome).toBe('Passed');
    expect(judgeReservedWords(words, ['table shop.qualify']).outcome).toBe('Warning');
  });

  it('waits for prepared transactions, and for room', () => {
    expect(judgeTransactions(use({ prepared: 1 })).outcome).toBe('Failed');
    expect(judgeSpace(1024 ** 3, 1024 ** 3).outcome).toBe('Failed');
  });
});
