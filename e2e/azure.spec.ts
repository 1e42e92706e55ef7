import { existsSync, readdirSync } from 'node:fs';
import { test, expect } from './support/fixtures.ts';
import { findFreePort, startPortal } from './support/processes.ts';

const TENANT = '5a3c2d7e-1f40-4b7e-9a55-0c2f8d1e6b01';
const CLIENT = '8d1f6c0a-7b52-4e1c-8f0d-2b9a4c3e7d55';

test('in front of Azure the portal needs nothing else, and signs in at Entra', async ({ page, context }, testInfo) => {
  const home = testInfo.outputPath('home');
  const port = await findFreePort();
  const portal = await startPortal({
    port,
    env: {
      FLEXDECK_CLOUD: 'AzureCloud',
      AZURE_TENANT_ID: TENANT,
      AZURE_CLIENT_ID: CLIENT,
      FLEXDECK_HOME: home,
    },
    log: testInfo.outputPath('portal.log'),
  });
  try {
    // Entra itself is not asked: only where the browser goes counts.
    await context.route('https://login.microsoftonline.com/**', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<title>Entra</title>' }),
    );
    await page.goto(portal.origin);
    await expect(page.getByRole('heading', { name: 'Sign in to Azure' })).toBeVisible();
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(/^https:\/\/login\.microsoftonline\.com\//);
    const { pathname, searchParams } = new URL(page.url());
    expect(pathname).toBe(`/${TENANT}/oauth2/v2.0/authorize`);
    expect(searchParams.get('client_id')).toBe(CLIENT);
    expect(searchParams.get('redirect_uri')).toBe(`${portal.origin}/redirect.html`);
    expect(searchParams.get('scope')?.split(' ')).toContain('https://management.azure.com/user_impersonation');
    expect(searchParams.get('code_challenge_method')).toBe('S256');
    // No daemon was started, and none of its files were made.
    expect(existsSync(home) ? readdirSync(home) : []).toEqual([]);
  } finally {
    await portal.stop();
  }
});
