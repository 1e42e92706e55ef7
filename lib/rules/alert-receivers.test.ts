import { expect, it } from 'vitest';
import { receiversOf, withReceivers, type Receiver } from './alert-receivers.ts';

const hook = (path: string): Receiver => ({ kind: 'webhook', address: `https://hooks.example.com/${path}` });
const mail: Receiver = { kind: 'email', address: 'dba@example.com' };

it('names new receivers by where they lead, each differently', () => {
  const made = withReceivers('people on call', [hook('a'), hook('b'), mail], undefined);
  expect(made).toMatchObject({ groupShortName: 'people on ca', enabled: true });
  expect(made.webhookReceivers!.map(({ name }) => name)).toEqual(['hooks.example.com', 'hooks.example.com 2']);
  expect(made.emailReceivers).toEqual([
    { name: 'dba@example.com', useCommonAlertSchema: true, emailAddress: 'dba@example.com' },
  ]);
});

it('leaves those that were there as they are, and takes none of their names', () => {
  const before = {
    groupShortName: 'oncall',
    enabled: false,
    webhookReceivers: [
      { name: 'first', serviceUri: hook('a').address, useCommonAlertSchema: false },
      { name: 'Hooks.example.com', serviceUri: hook('b').address, useCommonAlertSchema: true },
    ],
    smsReceivers: [],
  };
  const changed = withReceivers('x', [...receiversOf(before).slice(1), hook('c')], before);
  expect(changed).toMatchObject({ groupShortName: 'oncall', enabled: false, smsReceivers: [] });
  expect(changed.webhookReceivers).toEqual([
    before.webhookReceivers[1],
    { name: 'hooks.example.com 2', serviceUri: hook('c').address, useCommonAlertSchema: true },
  ]);
});
