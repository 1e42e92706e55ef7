import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const house = mkdtempSync(join(tmpdir(), 'flexdeck-walls-'));
afterAll(() => rmSync(house, { recursive: true, force: true }));

/** Lays out a house with these files and returns the walls that they break, as `rule: from → to`. */
async function brokenWalls(files: Record<string, string>): Promise<string[]> {
  cpSync(join(root, 'tsconfig.json'), join(house, 'tsconfig.json'));
  cpSync(join(root, 'package.json'), join(house, 'package.json'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(house, path)), { recursive: true });
    writeFileSync(join(house, path), text);
  }
  const cruise = [join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'), '--no-cache'];
  const args = ['--config', join(root, '.dependency-cruiser.cjs'), '--output-type', 'json', 'app', 'components', 'lib'];
  const { stdout } = await promisify(execFile)(process.execPath, [...cruise, ...args], { cwd: house }).catch(
    (failure) => failure,
  );
  const { summary } = JSON.parse(stdout) as {
    summary: { violations: { rule: { name: string }; from: string; to: string }[] };
  };
  return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`).sort();
}

test('the walls see .ts and .tsx, aliases, type-only imports and circles, and let right imports pass', async () => {
  expect(
    await brokenWalls({
      'lib/arm/error.ts': 'export interface Wrong { code: string }\nexport const cast = (x: unknown) => <Wrong>x;\n',
      'lib/azure/servers.ts': "import type { Wrong } from '../arm/error.ts';\nexport type Servers = Wrong[];\n",
      'lib/queries/servers.ts': "import type { Wrong } from '../arm/error.ts';\nexport type Keys = Wrong;\n",
      'lib/control-plane/main.ts':
        "import { open } from './store/open.ts';\nusing held = { [Symbol.dispose]: open };\nvoid held;\n",
      'lib/control-plane/store/open.ts':
        "import type { route } from '../http/route.ts';\nexport const open = () => undefined as typeof route | undefined;\n",
      'lib/control-plane/http/route.ts':
        "import { Wrong } from '../../arm/error.ts';\nexport const route = undefined as Wrong | undefined;\n",
      'components/ui/button.tsx':
        "import type { Wrong } from '@/lib/arm/error';\nexport const Button = ({ wrong }: { wrong: Wrong }) => <b>{wrong.code}</b>;\n",
      'components/servers/list.tsx':
        "import type { Servers } from '@/lib/azure/servers';\nexport const List = ({ servers }: { servers: Servers }) => <p>{servers.length}</p>;\n",
      'components/servers/one.tsx':
        "import { two } from './two';\nimport type { Keys } from '@/lib/queries/servers';\nexport const one = (key: Keys) => <i>{two}{key.code}</i>;\n",
      'components/servers/two.tsx': "import type { one } from './one';\nexport const two = 2 as 2 | typeof one;\n",
      'app/page.tsx':
        "import { open } from '@/lib/control-plane/store/open';\nexport default () => <p>{String(open())}</p>;\n",
    }),
  ).toEqual([
    'components-stay-in-the-browser: components/servers/list.tsx → lib/azure/servers.ts',
    'control-plane-store-looks-down: lib/control-plane/store/open.ts → lib/control-plane/http/route.ts',
    'no-circles: components/servers/one.tsx → components/servers/two.tsx',
    'portal-and-control-plane-are-apart: app/page.tsx → lib/control-plane/store/open.ts',
    'ui-knows-no-domain: components/ui/button.tsx → lib/arm/error.ts',
  ]);
});
