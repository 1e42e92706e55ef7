import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ensureCertificateAuthority, issueCertificate, type IssuedCertificate } from '../mysql/certificates.ts';
import { startMailServer, type TestMailServer } from '../testing/mail-server.ts';
import { isEmailAddress, sendMail, type MailCall, type MailServer } from './mail.ts';
import type { Notification } from './payloads.ts';

const NOTIFICATION: Notification = {
  alertId: 'a1',
  ruleName: 'cpu',
  ruleResourceId: '/rule',
  description: '',
  severity: 2,
  monitorCondition: 'Fired',
  target: '/subscriptions/s/resourceGroups/g/providers/Microsoft.DBforMySQL/flexibleServers/srv1',
  firedAt: 1_700_000_000_000,
  resolvedAt: null,
  context: {
    properties: null,
    conditionType: 'SingleResourceMultipleMetricCriteria',
    condition: {
      windowSize: 'PT5M',
      windowStartTime: '2023-11-14T22:08:00Z',
      windowEndTime: '2023-11-14T22:13:00Z',
      allOf: [],
    },
  } as unknown as Notification['context'],
  customProperties: {},
};

let folder: string;
let ca: string;
let certificate: IssuedCertificate;
const closing: (() => unknown)[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mail-'));
  const authority = await ensureCertificateAuthority({
    certificate: join(folder, 'ca.pem'),
    key: join(folder, 'ca.key'),
  });
  ca = authority.certificate;
  certificate = await issueCertificate(authority, {
    commonName: 'mail',
    dnsNames: ['localhost'],
    addresses: ['127.0.0.1'],
  });
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function server(...given: Parameters<typeof startMailServer>): Promise<TestMailServer> {
  const started = await startMailServer(...given);
  closing.push(() => started.close());
  return started;
}

/** Something that takes connections and is no mail server. */
async function impostor(greet: (socket: Socket) => void): Promise<number> {
  const sockets: Socket[] = [];
  const listening: Server = createServer((socket) => {
    sockets.push(socket.on('error', () => {}));
    greet(socket);
  }).listen(0, '127.0.0.1');
  await once(listening, 'listening');
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    listening.close();
  });
  return (listening.address() as AddressInfo).port;
}

function send(
  { port }: { port: number },
  { call = {}, timeoutMs, ...more }: Partial<MailServer> & { call?: Partial<MailCall>; timeoutMs?: number } = {},
) {
  return sendMail(
    {
      emailAddress: 'me@example.com',
      deliveryId: 'd1',
      notification: NOTIFICATION,
      signal: AbortSignal.any([]),
      ...call,
    },
    { host: '127.0.0.1', port, tls: 'offered', from: 'db@flexdeck.localhost', ...more },
    'http://localhost:3000',
    timeoutMs,
  );
}

describe('an e-mail', () => {
  it('is handed in, and says what happened', async () => {
    const mail = await server();
    expect(await send(mail)).toMatchObject({ outcome: 'delivered' });
    const [{ from, to, raw, secure }] = mail.received as [TestMailServer['received'][number]];
    expect({ from, to, secure }).toEqual({ from: 'db@flexdeck.localhost', to: ['me@example.com'], secure: false });
    expect(raw).toMatch(/^Subject: Fired: Sev2 cpu on srv1\r$/m);
    expect(raw).toMatch(/^Message-ID: <d1@flexdeck.localhost>\r$/im);
    expect(raw).toMatch(/^Auto-Submitted: auto-generated\r$/im);
    // Quoted-printable.
    const text = raw.replaceAll('=\r\n', '').replaceAll('=3D', '=');
    expect(text).toContain('cpu has fired for srv1.');
    expect(text).toContain('Look at it: http://localhost:3000/servers/s/g/srv1/alerts?pane=alert&of=');
    expect(text).toContain('Fired: 2023-11-14 22:13 UTC');
  });

  it('says nothing in its head but what it has to, whatever a rule is called', async () => {
    const mail = await server();
    const hostile = 'x\r\nBcc: all@example.com\r\n\r\n.\r\nMAIL FROM:<evil@example.com>\r\n<b>&é';
    const notification = { ...NOTIFICATION, ruleName: hostile, description: `.\r\n${hostile}` };
    expect(await send(mail, { call: { notification } })).toMatchObject({ outcome: 'delivered' });
    expect(mail.received).toHaveLength(1);
    expect(mail.received[0]!.to).toEqual(['me@example.com']);
    const [head = ''] = mail.received[0]!.raw.split('\r\n\r\n');
    const names = head
      .replaceAll(/\r\n[ \t]/g, ' ')
      .split('\r\n')
      .map((line) => line.split(':')[0]!.toLowerCase());
    expect(names.toSorted()).toEqual([
      'auto-submitted',
      'content-transfer-encoding',
      'content-type',
      'date',
      'from',
      'message-id',
      'mime-version',
      'subject',
      'to',
      'x-flexdeck-delivery',
    ]);
  });

  it.each([
    'me@example.com\r\nBcc: all@example.com',
    'a@b.c, d@e.f',
    '<a@b.c>',
    '"a b"@c.d',
    'a@b..c',
    'a@b.c\u0000',
    '@b.c',
    'a@-',
  ])('%j is no address', async (emailAddress) => {
    expect(isEmailAddress(emailAddress)).toBe(false);
    const mail = await server();
    expect(await send(mail, { call: { emailAddress } })).toMatchObject({ outcome: 'refused' });
    expect(mail.received).toEqual([]);
  });

  it('goes over TLS with the authority that was named, and signed in', async () => {
    const mail = await server({
      key: certificate.key,
      cert: certificate.certificate,
      authOptional: false,
      onAuth: ({ username, password }, _session, done) =>
        password === 's3cret' ? done(null, { user: username! }) : done(new Error('No.')),
    });
    const auth = { user: 'flexdeck', pass: 's3cret' };
    expect(await send(mail, { tls: 'required', ca, auth })).toMatchObject({ outcome: 'delivered' });
    expect(mail.received).toMatchObject([{ secure: true, user: 'flexdeck' }]);
    const refused = await send(mail, { tls: 'required', ca, auth: { ...auth, pass: 'wrong' } });
    // Whoever runs it puts the password right: until then it is kept.
    expect(refused).toEqual({
      outcome: 'retry',
      detail: 'The mail server did not take Flexdeck’s user name and password.',
    });
    const distrusted = await send(mail, { tls: 'required', auth });
    expect(distrusted).toMatchObject({ outcome: 'retry', detail: expect.stringContaining('TLS') });
    expect(mail.received).toHaveLength(1);
  });

  it('goes over TLS from the first byte', async () => {
    const mail = await server({ secure: true, key: certificate.key, cert: certificate.certificate });
    expect(await send(mail, { tls: 'always', ca })).toMatchObject({ outcome: 'delivered' });
    expect(mail.received).toMatchObject([{ secure: true }]);
  });

  it('and its password stay here where TLS is required and not offered', async () => {
    let said = '';
    const mail = await server({
      allowInsecureAuth: true,
      onAuth: ({ password }, _session, done) => {
        said = password!;
        done(null, { user: 'x' });
      },
    });
    const answer = await send(mail, { tls: 'required', auth: { user: 'flexdeck', pass: 's3cret' } });
    expect(answer).toMatchObject({ outcome: 'retry' });
    expect({ said, received: mail.received }).toEqual({ said: '', received: [] });
  });
});

describe('a mail server', () => {
  const refuse = (responseCode: number) => Object.assign(new Error('No.'), { responseCode });

  it.each([
    [
      'its 5xx to a recipient is final',
      'refused',
      { onRcptTo: (_a: unknown, _s: unknown, done: (e: Error) => void) => done(refuse(550)) },
    ],
    [
      'its 4xx may pass',
      'retry',
      { onRcptTo: (_a: unknown, _s: unknown, done: (e: Error) => void) => done(refuse(451)) },
    ],
    [
      'its 5xx to the sender is a matter of configuration',
      'retry',
      { onMailFrom: (_a: unknown, _s: unknown, done: (e: Error) => void) => done(refuse(553)) },
    ],
    [
      'its 5xx to everybody may pass',
      'retry',
      { onConnect: (_s: unknown, done: (e: Error) => void) => done(refuse(554)) },
    ],
  ])('%s', async (_, outcome, options) => {
    const mail = await server(options);
    expect(await send(mail)).toMatchObject({ outcome });
  });

  it('its 5xx to a text is final', async () => {
    const judge = () => {
      throw refuse(554);
    };
    const mail = await server({}, { judge });
    expect(await send(mail)).toMatchObject({ outcome: 'refused', detail: expect.stringContaining('554') });
  });

  it('that is not there is tried again', async () => {
    const mail = await startMailServer();
    await mail.close();
    expect(await send(mail)).toEqual({
      outcome: 'retry',
      detail: 'The mail server could not be reached (ESOCKET).',
    });
  });

  it('that hangs, or speaks a byte at a time, holds nothing up', async () => {
    const silent = await impostor(() => {});
    const dripping = await impostor((socket) => {
      const timer = setInterval(() => socket.write('2'), 20);
      socket.on('close', () => clearInterval(timer));
    });
    const answers = await Promise.all([silent, dripping].map((port) => send({ port }, { timeoutMs: 300 })));
    const late = { outcome: 'retry', detail: 'The mail server took longer than 0.3 seconds.' };
    expect(answers).toEqual([late, late]);
  });

  it('that hangs is let go of when Flexdeck ends', async () => {
    const port = await impostor(() => {});
    const ending = new AbortController();
    const sent = send({ port }, { call: { signal: ending.signal } });
    ending.abort();
    expect(await sent).toMatchObject({ outcome: 'retry', detail: 'Flexdeck ended before the mail server answered.' });
  });
});
