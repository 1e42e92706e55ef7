import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** One e-mail as it came over the wire. */
export interface ReceivedMail {
  from: string;
  to: string[];
  secure: boolean;
  /** Whoever signed in. */
  user: string | undefined;
  raw: string;
}

export interface TestMailServer {
  port: number;
  received: ReceivedMail[];
  close(): Promise<void>;
}

/** A real SMTP server on loopback, that keeps what it takes. @param judge throws to refuse an e-mail whose text it has. */
export async function startMailServer(
  options: SMTPServerOptions = {},
  { judge = () => {}, port = 0 }: { judge?: (mail: ReceivedMail) => void; port?: number } = {},
): Promise<TestMailServer> {
  const received: ReceivedMail[] = [];
  const server = new SMTPServer({
    // Without a certificate of the test's own there is no TLS.
    disabledCommands: options.key ? [] : ['STARTTLS'],
    authOptional: true,
    disableReverseLookup: true,
    closeTimeout: 100,
    ...options,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        const mail = {
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
          secure: session.secure,
          user: session.user,
          raw: Buffer.concat(chunks).toString(),
        };
        try {
          judge(mail);
        } catch (failure) {
          done(failure as Error);
          return;
        }
        received.push(mail);
        done();
      });
    },
  });
  // A client that refuses its certificate is what some tests are about.
  server.on('error', () => {});
  server.listen(port, '127.0.0.1');
  await once(server.server, 'listening');
  return {
    port: (server.server.address() as AddressInfo).port,
    received,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
