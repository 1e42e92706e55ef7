import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { until } from '../lib/control-plane/testing/daemon.ts';
import { paths } from '../lib/paths.ts';
import { test, expect } from './support/fixtures.ts';
import { command } from './support/portal.ts';

interface Received {
  signature: string;
  text: string;
}

test('a rule fires, its webhook is told, signed, and it is resolved', async ({ page, signIn, shownServer }) => {
  const received: Received[] = [];
  const receiver = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    received.push({ signature: request.headers['x-flexdeck-signature'] as string, text });
    response.end();
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/alerts`;
  const conditions = () => received.map(({ text }) => JSON.parse(text).data.essentials.monitorCondition);
  await signIn(page, 'owner');
  await page.goto(paths.server(shownServer, 'alerts'));

  await test.step('whom to tell', async () => {
    await command(page, 'Create action group').click();
    const pane = page.getByRole('dialog', { name: 'Create an action group' });
    await pane.getByLabel('Name').fill('on-call');
    await pane.getByLabel('Address').fill('http://192.0.2.1/');
    await pane.getByRole('button', { name: 'Create', exact: true }).click();
    await expect(pane).toContainText('Webhooks are sent to this machine alone');
    await pane.getByLabel('Address').fill(address);
    await pane.getByRole('button', { name: 'Create', exact: true }).click();
    await expect(pane).toBeHidden();
  });

  const secret = await test.step('the secret that bodies are signed with', async () => {
    await page.getByRole('tab', { name: 'Action groups' }).click();
    await page.getByRole('button', { name: 'More for on-call' }).click();
    await page.getByRole('menuitem', { name: 'New signing secret' }).click();
    const dialog = page.getByRole('dialog', { name: 'Signing secret of on-call' });
    await dialog.getByRole('button', { name: 'Make a new secret' }).click();
    const shown = await dialog.locator('code').innerText();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    return shown;
  });

  await test.step('a rule on what is true now fires', async () => {
    await command(page, 'Create rule').click();
    const pane = page.getByRole('dialog', { name: 'Create an alert rule' });
    await pane.getByLabel('Name').fill('Processor is there');
    await pane.getByRole('spinbutton', { name: 'Threshold' }).fill('-1');
    await pane.getByRole('spinbutton', { name: 'Threshold' }).press('Tab');
    await pane.getByRole('checkbox', { name: /^on-call/ }).check();
    await expect(pane.getByRole('region', { name: 'Preview' })).toContainText('have fired');
    await pane.getByRole('button', { name: 'Create', exact: true }).click();
    await expect(pane).toBeHidden();
    // A server that was just made has its first sample with the end of its first minute.
    await until(80_000, () => received[0]);
    expect(conditions()).toEqual(['Fired']);
    const [, time, given] = /^t=(\d+),v1=(\w+)$/.exec(received[0]!.signature)!;
    expect(given).toBe(createHmac('sha256', secret).update(`${time}.${received[0]!.text}`).digest('hex'));
    await page.getByRole('tab', { name: 'Fired alerts' }).click();
    await command(page, 'Refresh').click();
    await expect(page.getByRole('row', { name: /Processor is there.*Fired/ })).toBeVisible();
  });

  await test.step('somebody takes it', async () => {
    await page.getByRole('button', { name: 'Processor is there' }).click();
    const pane = page.getByRole('dialog', { name: 'Processor is there' });
    await expect(pane).toContainText('Delivered');
    await pane.getByRole('button', { name: 'Acknowledge' }).click();
    await expect(pane.getByRole('list', { name: 'What happened' })).toContainText('Acknowledged by owner@local');
    await page.keyboard.press('Escape');
  });

  await test.step('and what is no longer true is resolved', async () => {
    await page.getByRole('tab', { name: 'Rules' }).click();
    await page.getByRole('button', { name: 'Processor is there', exact: true }).click();
    const pane = page.getByRole('dialog', { name: 'Rule Processor is there' });
    await pane.getByRole('spinbutton', { name: 'Threshold' }).fill('1000');
    await pane.getByRole('spinbutton', { name: 'Threshold' }).press('Tab');
    await pane.getByRole('button', { name: 'Save' }).click();
    await expect(pane).toBeHidden();
    await until(20_000, () => received[1]);
    expect(conditions()).toEqual(['Fired', 'Resolved']);
    await page.getByRole('tab', { name: 'Fired alerts' }).click();
    await command(page, 'Refresh').click();
    await expect(page.getByRole('row', { name: /Processor is there.*Resolved/ })).toBeVisible();
  });
  receiver.close();
});
