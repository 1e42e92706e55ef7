import type { EmailReceiver, WebhookReceiver } from '../../arm/insights/action-groups.ts';
import { sendMail, type MailServer } from './mail.ts';
import { webhookBody, type Notification } from './payloads.ts';
import { serviceUriProblem, type WebhookPolicy } from './receiver-address.ts';
import { callWebhook, type Attempt } from './webhook.ts';

export interface Sending {
  deliveryId: string;
  notification: Notification;
  secret: string;
  now: number;
  signal: AbortSignal;
}

/** Brings notifications to their receivers. */
export interface Notifier {
  webhookProblem(serviceUri: string): string | undefined;
  /** Where webhooks may go, for people. */
  webhookReach: string;
  /** Why no e-mail can be sent at all; undefined when it can. */
  mailProblem: string | undefined;
  sendWebhook(receiver: WebhookReceiver, sending: Sending): Promise<Attempt>;
  sendMail(receiver: EmailReceiver, sending: Sending): Promise<Attempt>;
}

/** @param portal its origin, where links lead. */
export function createNotifier(policy: WebhookPolicy, mailServer: MailServer | undefined, portal: string): Notifier {
  const mailProblem = mailServer
    ? undefined
    : 'No mail server is configured. Set FLEXDECK_SMTP_URL and FLEXDECK_MAIL_FROM where Flexdeck is started, or use a webhook.';
  const elsewhere = [...policy.hosts, ...policy.networks.map(({ address, prefix }) => `${address}/${prefix}`)];
  return {
    mailProblem,
    webhookReach: ['this machine', ...elsewhere].join(', '),
    webhookProblem: (serviceUri) => serviceUriProblem(serviceUri, policy),
    sendWebhook({ serviceUri, useCommonAlertSchema }, { notification, ...call }) {
      const body = JSON.stringify(webhookBody(notification, useCommonAlertSchema === true, portal));
      return callWebhook({ ...call, serviceUri, body }, policy);
    },
    async sendMail({ emailAddress }, { deliveryId, notification, signal }) {
      if (!mailServer) return { outcome: 'refused', detail: mailProblem! };
      return sendMail({ emailAddress, deliveryId, notification, signal }, mailServer, portal);
    },
  };
}
