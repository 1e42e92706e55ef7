import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigurationError, readPortalConfig } from './config.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'portal-config-'));
});
afterEach(() => rmSync(home, { recursive: true }));

describe('the portal’s environment', () => {
  it('is the local cloud on its usual ports when nothing is said', () => {
    const config = readPortalConfig({ FLEXDECK_HOME: home, FLEXDECK_CLOUD: '' });
    expect(config).toMatchObject({
      resourceManagerEndpoint: 'https://localhost:8443',
      caFile: join(home, 'ca.pem'),
      signIn: {
        issuer: 'http://localhost:8444',
        authority: 'https://localhost:8444',
        origins: ['http://localhost:8444'],
      },
    });
  });

  it('goes where the control plane says that it is, also after it moved', () => {
    const ready = (armPort: number) =>
      writeFileSync(
        join(home, 'ready.json'),
        JSON.stringify({
          resourceManagerEndpoint: `https://localhost:${armPort}`,
          issuer: 'http://localhost:41002',
          caFile: '/elsewhere/ca.pem',
        }),
      );
    ready(41001);
    const environment = { FLEXDECK_HOME: home, FLEXDECK_ARM_PORT: '8443' };
    expect(readPortalConfig(environment)).toMatchObject({
      resourceManagerEndpoint: 'https://localhost:41001',
      caFile: '/elsewhere/ca.pem',
      signIn: { issuer: 'http://localhost:41002' },
    });
    writeFileSync(join(home, 'ready.json'), '{"resourceManagerEndpoint": "https://loc');
    expect(readPortalConfig(environment).resourceManagerEndpoint).toBe('https://localhost:8443');
  });

  it('is a cloud of Azure with tenant and client, and no issuer of our own', () => {
    const config = readPortalConfig({
      FLEXDECK_CLOUD: 'AzureUSGovernment',
      AZURE_TENANT_ID: 'contoso.onmicrosoft.us',
      AZURE_CLIENT_ID: '0f0f0f0f-1111-4222-8333-444444444444',
    });
    expect(config.resourceManagerEndpoint).toBe('https://management.usgovcloudapi.net');
    expect(config.signIn).toEqual({
      clientId: '0f0f0f0f-1111-4222-8333-444444444444',
      authority: 'https://login.microsoftonline.us/contoso.onmicrosoft.us',
      scopes: ['https://management.usgovcloudapi.net/user_impersonation'],
      origins: ['https://login.microsoftonline.us'],
    });
    expect(config.caFile).toBeUndefined();
    expect(config.hostNames).toBeUndefined();
  });

  it('says every fault at once', () => {
    const read = () => readPortalConfig({ FLEXDECK_CLOUD: 'AzureCloud', AZURE_CLIENT_ID: 'portal' });
    expect(read).toThrow(ConfigurationError);
    expect(read).toThrow(
      /AZURE_TENANT_ID: must name the Entra tenant.*\n.*AZURE_CLIENT_ID=portal: must be the application/s,
    );
    expect(() => readPortalConfig({ FLEXDECK_CLOUD: 'Azure' })).toThrow(
      /FLEXDECK_CLOUD=Azure: must be Local, AzureCloud/,
    );
    expect(() => readPortalConfig({ FLEXDECK_ARM_PORT: '99999', FLEXDECK_ISSUER_PORT: 'x' })).toThrow(
      /FLEXDECK_ARM_PORT=99999.*FLEXDECK_ISSUER_PORT=x/s,
    );
  });
});
