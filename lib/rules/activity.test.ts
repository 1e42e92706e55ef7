import { describe, expect, it } from 'vitest';
import type { ActivityEvent } from '../arm/insights/activity-log.ts';
import { callerWords, groupActivity } from './activity.ts';

const event = (status: string, at: string, more: Partial<ActivityEvent> = {}): ActivityEvent => ({
  eventDataId: `${status}-${at}`,
  operationId: 'op-1',
  resourceId: '/subscriptions/s/resourceGroups/g/providers/Microsoft.DBforMySQL/flexibleServers/orders',
  operationName: { value: 'Microsoft.DBforMySQL/flexibleServers/stop/action', localizedValue: 'Stop server' },
  status: { value: status },
  caller: 'owner@local',
  eventTimestamp: at,
  ...more,
});

describe('the activity log', () => {
  it('takes the events of one operation together and shows its end', () => {
    const [activity, ...rest] = groupActivity([
      event('Started', '2026-11-22T10:00:00.000Z'),
      event('Succeeded', '2026-11-22T10:00:00.000Z'),
    ]);
    expect(rest).toEqual([]);
    expect(activity).toMatchObject({ title: 'Stop server', status: 'Succeeded', caller: 'owner@local' });
    expect(activity!.events).toHaveLength(2);
  });

  it('tells what came of it, and not of what failed, whose error says it', () => {
    const told = { description: 'Planned failover from zone 1 to zone 2.' };
    const [done] = groupActivity([
      event('Succeeded', '2026-11-22T10:00:01Z', told),
      event('Started', '2026-11-22T10:00:00Z'),
    ]);
    expect(done!.story).toBe('Planned failover from zone 1 to zone 2.');
    expect(groupActivity([event('Failed', '2026-11-22T10:00:01Z', told)])[0]!.story).toBeUndefined();
    expect(groupActivity([event('Succeeded', '2026-11-22T10:00:01Z', { description: '' })])[0]!.story).toBeUndefined();
  });

  it('keeps operations apart', () => {
    expect(
      groupActivity([
        event('Succeeded', '2026-11-22T10:00:00Z'),
        event('Started', '2026-11-22T09:00:00Z', { operationId: 'op-2' }),
      ]),
    ).toHaveLength(2);
  });

  it('reads why it failed, also when the message is no JSON', () => {
    const failed = (statusMessage: string) =>
      groupActivity([event('Failed', '2026-11-22T10:00:00Z', { properties: { statusMessage } })])[0]!.error;
    expect(failed('{"error":{"code":"ServerIsBusy","message":"Another change runs."}}')).toBe('Another change runs.');
    expect(failed('plain words')).toBe('plain words');
  });
});

describe('who did it', () => {
  it('has the name of a person, and the beginning of a program’s object id', () => {
    expect(callerWords('owner@local')).toBe('owner@local');
    expect(callerWords('d61aef64-b05e-4b44-a423-eee5806bd191')).toBe('service principal d61aef64');
  });
});
