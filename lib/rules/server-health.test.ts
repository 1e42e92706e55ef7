import { expect, it } from 'vitest';
import { healthOf, type HealthFacts } from './server-health.ts';

const WELL: HealthFacts = {
  state: 'Ready',
  stateReason: null,
  alive: true,
  open: true,
  operation: undefined,
  byPerson: false,
  haState: 'NotEnabled',
  haReason: null,
  archiveProblem: null,
  backupProblem: undefined,
  geoProblem: undefined,
};

it.each<[string, Partial<HealthFacts>, string | undefined, string | null]>([
  ['a server that answers', {}, 'Available', null],
  [
    'one that is changed and answers',
    { state: 'Updating', operation: 'update-server', byPerson: true },
    'Available',
    null,
  ],
  ['one whose mysqld died', { alive: false }, 'Unavailable', 'Unplanned'],
  ['one that is brought back', { operation: 'recover-server' }, 'Unavailable', 'Unplanned'],
  [
    'one that is restarted by somebody',
    { operation: 'restart-server', byPerson: true },
    'Unavailable',
    'UserInitiated',
  ],
  ['one that fails over by itself', { operation: 'failover-server' }, 'Unavailable', 'Unplanned'],
  ['one that somebody fails over', { operation: 'failover-server', byPerson: true }, 'Unavailable', 'UserInitiated'],
  ['one that comes up with the control plane', { operation: 'resume-server', alive: false }, 'Unavailable', 'Planned'],
  ['a stopped one', { state: 'Stopped', alive: false, open: false }, 'Unavailable', 'UserInitiated'],
  ['one that was given up', { state: 'Disabled', alive: false, open: false }, 'Unavailable', 'Unplanned'],
  ['one that lets nobody in', { open: false }, 'Unavailable', 'Unplanned'],
  ['one whose standby is lost', { haState: 'CreatingStandby' }, 'Degraded', 'Unplanned'],
  ['one whose backup store is full', { archiveProblem: 'The backup store is full.' }, 'Degraded', 'Unplanned'],
  ['one with a standby', { haState: 'Healthy' }, 'Available', null],
  ['one whose disks are both full', { haState: 'Healthy', haReason: 'Both are full.' }, 'Degraded', 'Unplanned'],
  ['one whose backup could not be restored', { backupProblem: 'It is damaged.' }, 'Degraded', 'Unplanned'],
  ['one whose second copies fail', { geoProblem: 'Its store is full.' }, 'Degraded', 'Unplanned'],
  ['one that is down and has such a backup', { alive: false, backupProblem: '' }, 'Unavailable', 'Unplanned'],
  ['one that is being made', { operation: 'create-server', alive: false }, undefined, null],
  ['one that is being deleted', { state: 'Dropping' }, undefined, null],
])('%s', (_, facts, state, reasonType) => {
  const health = healthOf({ ...WELL, ...facts });
  expect(health?.state).toBe(state);
  expect(health?.reasonType ?? null).toBe(reasonType);
});
