import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

test('what is not set, or set to nothing, has its default', () => {
  expect(readConfig({ FLEXDECK_HOME: '/srv/flexdeck', FLEXDECK_ARM_PORT: '' })).toEqual({
    home: '/srv/flexdeck',
    armPort: 8443,
    issuerPort: 8444,
    portalPort: 3000,
    portalOrigin: 'http://localhost:3000',
    mysqlBasedir: undefined,
    runtimesFolder: '/srv/flexdeck/runtimes',
    pathFolders: [],
    spares: true,
    cpuLimits: false,
    failpoint: undefined,
    webhooks: { hosts: [], networks: [] },
    mailServer: undefined,
  });
});

test('reads ports, folders and the failpoint', () => {
  const config = readConfig({
    FLEXDECK_HOME: '/srv/flexdeck',
    FLEXDECK_PORTAL_PORT: '0',
    FLEXDECK_RUNTIMES: '/srv/runtimes',
    FLEXDECK_FAILPOINT: 'CreateServer/dataDirectory/after',
    FLEXDECK_SPARES: '0',
    PATH: '/usr/bin::/bin',
  });
  expect(config.portalOrigin).toBe('http://localhost:0');
  expect(config.runtimesFolder).toBe('/srv/runtimes');
  expect(config.failpoint).toEqual({ operation: 'CreateServer', step: 'dataDirectory', when: 'after' });
  expect(config.spares).toBe(false);
  expect(readConfig({}).spares).toBe(true);
  expect(config.pathFolders).toEqual(['/usr/bin', '/bin']);
});

test('one message lists every fault', () => {
  const read = () =>
    readConfig({
      FLEXDECK_ARM_PORT: '65536',
      FLEXDECK_ISSUER_PORT: '-1',
      FLEXDECK_FAILPOINT: 'a/b',
      FLEXDECK_SPARES: 'no',
      FLEXDECK_CLOUD: 'AzureCloud',
    });
  for (const name of [
    'FLEXDECK_ARM_PORT=65536',
    'FLEXDECK_ISSUER_PORT=-1',
    'FLEXDECK_FAILPOINT=a/b',
    'FLEXDECK_SPARES=no',
    'FLEXDECK_CLOUD=AzureCloud',
  ]) {
    expect(read).toThrow(`${name}: `);
  }
});

test('where webhooks may go, and where e-mail is handed in', () => {
  expect(
    readConfig({
      FLEXDECK_WEBHOOK_HOSTS: 'Hooks.example.com, *.example.org,10.1.2.0/24,::1',
      FLEXDECK_SMTP_URL: 'smtp://localhost:2525',
      FLEXDECK_MAIL_FROM: 'db@example.com',
    }),
  ).toMatchObject({
    webhooks: {
      hosts: ['hooks.example.com', '*.example.org'],
      networks: [
        { address: '10.1.2.0', prefix: 24 },
        { address: '::1', prefix: 128 },
      ],
    },
    mailServer: { host: 'localhost', port: 2525, tls: 'offered', from: 'db@example.com' },
  });
  expect(() => readConfig({ FLEXDECK_WEBHOOK_HOSTS: 'http://a/' })).toThrow('FLEXDECK_WEBHOOK_HOSTS');
  expect(() => readConfig({ FLEXDECK_WEBHOOK_HOSTS: '10.0.0.0/33' })).toThrow('FLEXDECK_WEBHOOK_HOSTS');
  expect(() => readConfig({ FLEXDECK_SMTP_URL: 'ftp://me:secret@host' })).toThrow(/^(?!.*secret)/s);
  expect(() => readConfig({ FLEXDECK_SMTP_URL: 'smtp://h', FLEXDECK_SMTP_CA: '/nowhere/ca.pem' })).toThrow(
    'FLEXDECK_SMTP_CA',
  );
});

test.each([
  ['smtp://mail.example.com', { port: 587, tls: 'offered' }],
  ['smtp://mail.example.com:25?tls=required', { port: 25, tls: 'required' }],
  ['smtps://me:s%40cret@[::1]', { host: '::1', port: 465, tls: 'always', auth: { user: 'me', pass: 's@cret' } }],
  // A password is not said in the clear, but to this machine.
  ['smtp://me:100%@mail.example.com', { tls: 'required', auth: { user: 'me', pass: '100%' } }],
  ['smtp://me:secret@127.0.0.1', { tls: 'offered' }],
])('%s', (url, mailServer) => {
  expect(readConfig({ FLEXDECK_SMTP_URL: url }).mailServer).toMatchObject(mailServer);
});

test.each(['smtp://', 'smtp://host/path', 'smtp://host?tls=no', 'smtp://me:secret@host?file=1', 'mail.example.com'])(
  '%s is no mail server',
  (url) => {
    expect(() => readConfig({ FLEXDECK_SMTP_URL: url })).toThrow(/FLEXDECK_SMTP_URL: must read(?!.*secret)/s);
  },
);
