import { createTransport } from 'nodemailer';
import type { EmailReceiver, WebhookReceiver } from '../../arm/insights/action-groups.ts';
import { mailText, webhookBody, type Notification } from './payloads.ts';
import { serviceUriProblem, type WebhookPolicy } from './receiver-address.ts';
import { callWebhook, type Attempt } from './webhook.ts';

/** Where e-mail is handed in. */
export interface MailServer {
  /** `smtp://user:password@host:587` */
  url: string;
  /** The sender's address. */
  from: string;
}

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
  /** Why no e-mail can be sent at all; undefined when it can. */
  mailProblem: string | undefined;
  sendWebhook(receiver: WebhookReceiver, sending: Sending): Promise<Attempt>;
  sendMail(receiver: EmailReceiver, sending: Sending): Promise<Attempt>;
}

export function createNotifier(policy: WebhookPolicy, mailServer: MailServer | undefined): Notifier {
  const mailProblem = mailServer
    ? undefined
    : 'No mail server is configured. Set FLEXDECK_SMTP_URL and FLEXDECK_MAIL_FROM where Flexdeck is started, or use a webhook.';
  return {
    mailProblem,
    webhookProblem: (serviceUri) => serviceUriProblem(serviceUri, policy),
    sendWebhook({ serviceUri, useCommonAlertSchema }, { notification, ...call }) {
      const body = JSON.stringify(webhookBody(notification, useCommonAlertSchema === true));
      return callWebhook({ ...call, serviceUri, body }, policy);
    },
    async sendMail({ emailAddress }, { deliveryId, notification }) {
      if (!mailServer) return { outcome: 'refused', detail: mailProblem! };
      const transport = createTransport({
        url: mailServer.url,
        connectionTimeout: 10_000,
        greetingTimeout: 10_000,
        socketTimeout: 15_000,
        // A text is all it is made of.
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      try {
        const { response } = await transport.sendMail({
          from: mailServer.from,
          to: { name: '', address: emailAddress },
          headers: { 'X-Flexdeck-Delivery': deliveryId },
          ...mailText(notification),
        });
        return { outcome: 'delivered', detail: `The mail server took it: ${response.slice(0, 100)}` };
      } catch (failure) {
        return mailFailure(failure as { responseCode?: number; code?: string });
      } finally {
        transport.close();
      }
    },
  };
}

/** A mail server's 4xx may pass, its 5xx will not (RFC 5321, 4.2.1). */
function mailFailure({ responseCode, code }: { responseCode?: number; code?: string }): Attempt {
  if (responseCode === undefined)
    return { outcome: 'retry', detail: `The mail server could not be reached (${code ?? 'failed'}).` };
  const detail = `The mail server answered with ${responseCode}.`;
  return { outcome: responseCode >= 500 ? 'refused' : 'retry', detail };
}
