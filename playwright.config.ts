import { defineConfig } from '@playwright/test';
import { readConfig } from './lib/control-plane/config.ts';
import { findChromium } from './scripts/chromium.mjs';

const executablePath = findChromium();

// Every test's home runs on the MySQL that was fetched for the usual one.
process.env.FLEXDECK_RUNTIMES ??= readConfig({ ...process.env, FLEXDECK_CLOUD: 'Local' }).runtimesFolder;

export default defineConfig({
  testDir: 'e2e',
  globalSetup: './e2e/support/set-up.ts',
  // Real servers on the machine that runs the browser as well: one story at a time.
  workers: 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  retries: 0,
  timeout: 180_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 800 },
    actionTimeout: 15_000,
    navigationTimeout: 30_000,
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      // Chromium's sandbox refuses to run as root.
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    },
  },
});
