import type { ActionGroup } from '../arm/insights/action-groups.ts';

type Properties = ActionGroup['properties'];

/** One line of an action group's form. */
export interface Receiver {
  kind: 'webhook' | 'email';
  address: string;
}

export function receiversOf({ webhookReceivers, emailReceivers }: Properties): Receiver[] {
  return [
    ...(webhookReceivers ?? []).map(({ serviceUri }): Receiver => ({ kind: 'webhook', address: serviceUri })),
    ...(emailReceivers ?? []).map(({ emailAddress }): Receiver => ({ kind: 'email', address: emailAddress })),
  ];
}

/**
 * An action group with these receivers. Those that it had keep their name and schema; new ones are called by where they
 * lead, since names must differ in a group. What the form does not show stays as it is.
 */
export function withReceivers(
  name: string,
  receivers: readonly Receiver[],
  before: Properties | undefined,
): Properties {
  const of = (kind: Receiver['kind']) =>
    receivers.filter((one) => one.kind === kind).map(({ address }) => address.trim());
  const webhooks = of('webhook').map((serviceUri) => ({
    serviceUri,
    known: before?.webhookReceivers?.find((one) => one.serviceUri === serviceUri),
  }));
  const mails = of('email').map((emailAddress) => ({
    emailAddress,
    known: before?.emailReceivers?.find((one) => one.emailAddress === emailAddress),
  }));
  const taken = new Set([...webhooks, ...mails].flatMap(({ known }) => (known ? [known.name.toLowerCase()] : [])));
  const fresh = (wanted: string) => {
    let found = wanted;
    for (let count = 2; taken.has(found.toLowerCase()); count++) found = `${wanted} ${count}`;
    taken.add(found.toLowerCase());
    return { name: found, useCommonAlertSchema: true };
  };
  return {
    ...before,
    groupShortName: before?.groupShortName ?? name.slice(0, 12),
    enabled: before?.enabled ?? true,
    webhookReceivers: webhooks.map(({ serviceUri, known }) => ({
      ...(known ?? fresh(hostOf(serviceUri))),
      serviceUri,
    })),
    emailReceivers: mails.map(({ emailAddress, known }) => ({ ...(known ?? fresh(emailAddress)), emailAddress })),
  };
}

function hostOf(uri: string): string {
  return (URL.canParse(uri) && new URL(uri).host) || 'webhook';
}
