import { createTransport } from 'nodemailer';
import { mailText, type Notification } from './payloads.ts';
import type { Attempt } from './webhook.ts';

/** Where e-mail is handed in. */
export interface MailServer {
  host: string;
  port: number;
  /**
   * `always`: from the first byte (smtps). `required`: STARTTLS, or nothing is sent. `offered`: STARTTLS where the server
   * has it.
   */
  tls: 'always' | 'required' | 'offered';
  auth?: { user: string; pass: string } | undefined;
  /** PEM of the authority that the server's certificate must be of; without, those that the machine trusts. */
  ca?: string | undefined;
  /** The sender's address. */
  from: string;
}

export interface MailCall {
  emailAddress: string;
  notification: Notification;
  deliveryId: string;
  signal: AbortSignal;
}

/** A whole conversation, however slowly its server speaks. */
const TIMEOUT_MS = 30_000;
const PHASE_MS = 10_000;
/** `name@example.com`: nothing that a header or SMTP's own grammar could read as more. */
const ADDRESS = /^[^\s\p{C}@<>()[\],;:"\\]{1,64}@[\p{L}\p{N}](?:[\p{L}\p{N}.-]{0,252}[\p{L}\p{N}])?$/u;

/** Whether a text is one e-mail address, and nothing beside it. */
export function isEmailAddress(text: string): boolean {
  return ADDRESS.test(text) && !text.includes('..');
}

/**
 * Hands one e-mail in, once. A mail server that has it twice sees the same `Message-ID`.
 *
 * @param portal its origin, where links lead.
 * @param timeoutMs for all of it.
 */
export async function sendMail(
  { emailAddress, notification, deliveryId, signal }: MailCall,
  { host, port, tls, auth, ca, from }: MailServer,
  portal: string,
  timeoutMs = TIMEOUT_MS,
): Promise<Attempt> {
  if (!isEmailAddress(emailAddress)) return { outcome: 'refused', detail: 'This is not an e-mail address.' };
  const limit = AbortSignal.timeout(timeoutMs);
  const transport = createTransport({
    host,
    port,
    secure: tls === 'always',
    requireTLS: tls === 'required',
    ...(auth && { auth }),
    ...(ca && { tls: { ca } }),
    connectionTimeout: PHASE_MS,
    greetingTimeout: PHASE_MS,
    socketTimeout: PHASE_MS,
    // A text is all it is made of.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    const { response } = await transport.sendMail({
      from: { name: 'Flexdeck', address: from },
      to: { name: '', address: emailAddress },
      messageId: `<${deliveryId}@${from.slice(from.indexOf('@') + 1)}>`,
      // RFC 3834: nobody's vacation answers.
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Flexdeck-Delivery': deliveryId },
      ...mailText(notification, portal),
      signal: AbortSignal.any([signal, limit]),
    });
    return { outcome: 'delivered', detail: `The mail server took it: ${printable(response)}` };
  } catch (failure) {
    if (signal.aborted) return { outcome: 'retry', detail: 'Flexdeck ended before the mail server answered.' };
    if (limit.aborted)
      return { outcome: 'retry', detail: `The mail server took longer than ${timeoutMs / 1000} seconds.` };
    return mailFailure(failure as MailFailure);
  } finally {
    transport.close();
  }
}

interface MailFailure {
  message: string;
  responseCode?: number;
  code?: string;
  /** What the server was answering to, `RCPT TO`. */
  command?: string;
}

/**
 * A mail server's 4xx may pass, its 5xx will not (RFC 5321, 4.2.1): but only what it says of this recipient or this text is about
 * them. A sender or a password that it does not take is put right in the configuration, and then it is delivered.
 */
function mailFailure({ message, responseCode, code, command = '' }: MailFailure): Attempt {
  if (code === 'EAUTH')
    return { outcome: 'retry', detail: 'The mail server did not take Flexdeck’s user name and password.' };
  if (code === 'ETLS' || /certificate|altnames|\bssl\b|\btls\b/i.test(responseCode ? '' : message))
    return { outcome: 'retry', detail: 'There was no trusted TLS connection to the mail server.' };
  if (responseCode === undefined)
    return { outcome: 'retry', detail: `The mail server could not be reached (${code ?? 'failed'}).` };
  const isFinal = responseCode >= 500 && (command === 'RCPT TO' || command === 'DATA');
  const what = command === 'RCPT TO' ? ' to the recipient' : command === 'MAIL FROM' ? ' to the sender' : '';
  return { outcome: isFinal ? 'refused' : 'retry', detail: `The mail server answered with ${responseCode}${what}.` };
}

/** What a foreign server said, fit for one line. */
function printable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]+/g, ' ').slice(0, 100);
}
