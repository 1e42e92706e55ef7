import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { HaState } from '../store/servers.ts';
import { drawStateMachine, nextState, TRANSITIONS } from './state-machine.ts';

const STATES = [...new Set(TRANSITIONS.flatMap(({ from, to }) => [from, to]))];

/** All that can be reached from there. */
function reachable(from: HaState, without?: HaState): Set<HaState> {
  const found = new Set<HaState>([from]);
  for (const state of found) {
    for (const { to } of TRANSITIONS.filter((row) => row.from === state && row.to !== without)) found.add(to);
  }
  return found;
}

test('every state is reached from NotEnabled, and left to it again', () => {
  expect([...reachable('NotEnabled')].toSorted()).toEqual(STATES.toSorted());
  for (const state of STATES) expect(reachable(state), state).toContain('NotEnabled');
});

test('every state but a passing one is left for Healthy again', () => {
  for (const state of STATES) expect(reachable(state), state).toContain('Healthy');
});

test('one thing that happens leads to one state', () => {
  const keys = TRANSITIONS.map(({ from, when }) => `${from} ${when}`);
  expect(new Set(keys).size).toBe(keys.length);
});

test('nothing fails over but from Healthy, unless the primary is beyond starting', () => {
  const others = TRANSITIONS.filter(({ from, to }) => to === 'FailingOver' && from !== 'Healthy');
  expect(others.map(({ from, when }) => [from, when])).toEqual([['CreatingStandby', 'PrimaryGivenUp']]);
  expect(nextState('CreatingStandby', 'PrimaryLost')).toBe('CreatingStandby');
  expect(nextState('CreatingStandby', 'FailoverAsked')).toBeUndefined();
});

test('a standby that was lost must catch up before it may take over', () => {
  for (const when of ['StandbyLost', 'ServerStopped', 'Promoted', 'NotPromoted'] as const) {
    for (const { to } of TRANSITIONS.filter((row) => row.when === when)) expect(to).not.toBe('Healthy');
  }
  expect(TRANSITIONS.filter(({ to }) => to === 'Healthy').map(({ when }) => when)).toEqual(['StandbyCaughtUp']);
});

test('the page for people has the picture of this table', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/high-availability.md'), 'utf8');
  expect(page).toContain(`\`\`\`mermaid\n${drawStateMachine()}\`\`\``);
});
