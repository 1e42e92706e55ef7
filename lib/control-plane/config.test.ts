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
    mailServer: { url: 'smtp://localhost:2525', from: 'db@example.com' },
  });
  expect(() => readConfig({ FLEXDECK_WEBHOOK_HOSTS: 'http://a/' })).toThrow('FLEXDECK_WEBHOOK_HOSTS');
  expect(() => readConfig({ FLEXDECK_WEBHOOK_HOSTS: '10.0.0.0/33' })).toThrow('FLEXDECK_WEBHOOK_HOSTS');
  expect(() => readConfig({ FLEXDECK_SMTP_URL: 'ftp://me:secret@host' })).toThrow(/^(?!.*secret)/s);
});
