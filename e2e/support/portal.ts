import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, type APIRequestContext, type Locator, type Page } from '@playwright/test';
import { paths } from '../../lib/paths.ts';

const MANIFEST = fileURLToPath(new URL('../../.next/server/server-reference-manifest.json', import.meta.url));

/** The button under which long operations are followed. */
export const bell = (page: Page): Locator => page.getByRole('button', { name: /^Operations/ });

/** A command of the open blade. */
export const command = (page: Page, name: string): Locator =>
  page.getByRole('toolbar', { name: 'Commands' }).getByRole('button', { name, exact: true });

/** A link of the open server's menu. */
export const menuLink = (page: Page, name: string): Locator =>
  page.getByRole('navigation', { name: /^Menu of / }).getByRole('link', { name, exact: true });

/** Opens the form for a new server. It takes input once it has chosen the subscription. */
export async function openCreate(page: Page): Promise<void> {
  await page.goto(paths.createServer());
  await expect(page.getByRole('main').getByText('Local subscription')).toBeVisible();
}

/** Follows the newest operation in the bell to its end. */
export async function expectInBell(page: Page, title: string, end: string): Promise<void> {
  await bell(page).click();
  const panel = page.getByRole('dialog', { name: 'Operations' });
  const entry = panel.getByRole('listitem').filter({ hasText: title }).first();
  await expect(entry).toContainText(end, { timeout: 60_000 });
  await page.keyboard.press('Escape');
  await expect(panel).toBeHidden();
}

/** Sends one of the server's commands: opens its pane, and applies it. */
export async function runCommand(page: Page, name: 'Start' | 'Stop' | 'Restart'): Promise<void> {
  await command(page, name).click();
  await page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
}

/** The access token that a page sends with its reads. */
export async function tokenOf(page: Page): Promise<string> {
  const [request] = await Promise.all([
    page.waitForRequest(
      (sent) => new URL(sent.url()).pathname.startsWith('/api/') && 'authorization' in sent.headers(),
    ),
    page.reload(),
  ]);
  return request.headers().authorization!.replace(/^Bearer /, '');
}

/** A server action as the build has it. */
export interface BuiltAction {
  id: string;
  /** `app/servers/create/actions.ts createServer` */
  name: string;
  /** Address of a page that has it; elsewhere Next forwards the call, or answers nothing. */
  page: string;
}

/** Every server action that a browser can call. */
export function builtActions(): BuiltAction[] {
  const { node } = JSON.parse(readFileSync(MANIFEST, 'utf8')) as {
    node: Record<string, { filename: string; exportedName: string; workers: Record<string, unknown> }>;
  };
  return Object.entries(node).map(([id, { filename, exportedName, workers }]) => ({
    id,
    name: `${filename.replace('(portal)/', '')} ${exportedName}`,
    // `app/servers/[subscriptionId]/page`: any values do, the action has its own arguments.
    page: Object.keys(workers)[0]!
      .replace(/^app|\/\(portal\)|\/page$/g, '')
      .replaceAll(/\[(\w+)\]/g, '$1'),
  }));
}

/**
 * Calls a server action as a script would, without any page.
 *
 * @param origin of the page that claims to call; null sends none.
 */
export async function callAction(
  request: APIRequestContext,
  action: BuiltAction,
  { portal, origin = portal, args }: { portal: string; origin?: string | null; args: unknown[] },
): Promise<{ status: number; text: string }> {
  const answer = await request.post(portal + action.page, {
    headers: {
      accept: 'text/x-component',
      'content-type': 'text/plain;charset=UTF-8',
      'next-action': action.id,
      cookie: 'flexdeck-signed-in=1',
      ...(origin === null ? {} : { origin }),
    },
    data: JSON.stringify(args),
  });
  return { status: answer.status(), text: await answer.text() };
}
