import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SPEC_FOLDER, SPEC_IS_THERE } from './conformance-openapi.ts';
import { configuration, createTestCloud, CONFIGURATIONS, type Call, type TestCloud } from './conformance-world.ts';

const FOLDER = join(SPEC_FOLDER, 'recordings');

interface Entry {
  method: string;
  path: string;
  query: Record<string, string>;
  request?: unknown;
  status: number;
  headers?: Record<string, string>;
  response?: unknown;
  responseRef?: string;
}

/** What recorded answers have and ours have not, or the other way round, by the path of the member, and why. */
const DIFFERENCES: Record<string, string> = {
  // Of servers
  '- properties.backup.earliestRestoreDate':
    'there is none before the first full backup, which nothing can be restored without',
  '+ systemData.createdBy': 'ARM’s own member, left out by this provider; useful in the activity log',
  '+ systemData.createdByType': 'as above',
  '+ systemData.lastModifiedAt': 'as above',
  '+ systemData.lastModifiedBy': 'as above',
  '+ systemData.lastModifiedByType': 'as above',
  '- tags': 'a server without tags has no member for them, there as here; the tests differ in what they set',
  '- identity': 'identities are refused, so a server never has one',
  // Of long-running operations
  '+ percentComplete': 'common-types name it; people see how far it is',
  '+ endTime': 'as above',
  '+ properties.stage': 'what it is doing, in words',
  '+ properties.operation': 'as above',
  '+ properties': 'as above',
  // Of lists
  '- page': 'the list of parameters has these three; they are in no file, and no client reads them',
  '- pageSize': 'as above',
  '- totalCount': 'as above',
};

/** Requests that we refuse and Azure did not, by code, and why. */
const REFUSALS: Record<string, string> = {
  FeatureNotAvailableInLocation: 'replicas, private access, own keys: not there yet',
  ResourceNotFound: 'what follows a refused creation',
  SourceServerNotFound: 'as above',
  OperationNotFound: 'what follows a refused request',
  ConfigurationReadOnly: 'aad_auth_only, which can be set where there are Entra administrators',
  LocationNotAvailableForResourceType: 'centraluseuap, a location for Azure’s own trials',
};

/** Where a request comes to something that we have. */
const OURS =
  /\/providers\/Microsoft\.DBforMySQL\/(locations\/[^/]+\/(checkNameAvailability|capabilities)|flexibleServers(\/[^/]+(\/(databases|firewallRules|configurations)(\/[^/]+)?|\/(start|stop|restart|updateConfigurations))?)?)$|\/resourcegroups\/[^/]+$/i;

describe.skipIf(!SPEC_IS_THERE || !existsSync(FOLDER))(
  'recorded traffic of Azure, replayed (skipped without the recordings)',
  () => {
    const differences = new Set<string>();
    const refusals = new Set<string>();
    const refusedCreations = new Set<string>();
    let compared = 0;
    let refused = 0;

    it.each(files())('%s', async (file) => {
      const cloud = createTestCloud({
        versions: ['9.7', '8.0.21', '5.7'],
        subscriptionId: '00000000-0000-0000-0000-000000000000',
        configurations: recordedConfigurations(),
      });
      for (const entry of entries(file).filter(({ path }) => OURS.test(path))) {
        await replay(cloud, entry);
      }
    });

    async function replay(cloud: TestCloud, entry: Entry): Promise<void> {
      const { method, path, query, request, status } = entry;
      const { 'api-version': recorded = '', ...rest } = query;
      const apiVersion = recorded.replace('privatepreview', 'preview');
      const group = /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+/i.exec(path)?.[0];
      if (group) await cloud.call('PUT', group, { body: { location: 'northeurope' } });
      const body =
        request === undefined ? undefined : JSON.parse(JSON.stringify(request).replaceAll('<password>', 'Passw0rd!x'));
      const known = cloud.routes.some((route) => route.apiVersions.includes(apiVersion));
      if (!known) return;
      const answer = await cloud.call(method, path, { query: rest, body, apiVersion });
      if (answer.status >= 400 && status < 400) {
        const { code } = answer.body.error;
        if (method === 'PUT') refusedCreations.add(path.toLowerCase());
        const follows = [...refusedCreations].some((one) => path.toLowerCase().startsWith(one));
        refusals.add(code === 'ResourceNotFound' && !follows ? `${code} of ${path}` : code);
        refused += 1;
        return;
      }
      // A deletion of what was refused before finds nothing.
      if (!(method === 'DELETE' && answer.status === 204)) expect(answer.status, `${method} ${path}`).toBe(status);
      const expected = entry.responseRef ? readBody(entry.responseRef) : entry.response;
      if (answer.status === status) compare(`${method} ${path}`, expected, answer.body);
      compared += 1;
      if (answer.status === 202) {
        if (status === 202) compareAccepted(entry, answer);
        const poll = await cloud.call('GET', new URL(answer.headers['Azure-AsyncOperation']!).pathname, { apiVersion });
        compare('poll', { name: '', status: '', startTime: '' }, poll.body);
        await cloud.settle();
      }
    }

    /** What it is called, and the two links to it. */
    function compareAccepted({ method, path, headers, response }: Entry, ours: Call): void {
      const what = `${method} ${path}`;
      expect(ours.body.operation, what).toBe((response as { operation: string }).operation);
      expect(formOf(ours.headers['Azure-AsyncOperation']), what).toBe(formOf(headers?.['azure-asyncoperation']));
      expect(formOf(ours.headers['Location']), what).toBe(formOf(headers?.['location']));
    }

    function compare(_: string, theirs: unknown, ours: unknown): void {
      for (const difference of differ(theirs, ours, '')) differences.add(difference);
    }

    it('differs from Azure in nothing but what is listed here', () => {
      console.info(`${compared} recorded requests answered alike, ${refused} refused as not offered`);
      expect([...differences].filter((difference) => !(difference in DIFFERENCES)).sort()).toEqual([]);
      expect([...refusals].filter((code) => !(code in REFUSALS)).sort()).toEqual([]);
      expect(compared).toBeGreaterThan(400);
    });
  },
);

/** A link without what differs from one operation to the next. */
function formOf(link: string | undefined): string | undefined {
  return link
    ?.replace(/^https:\/\/[^/]+/, '')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=\?)/, '{id}')
    .replace('privatepreview', 'preview')
    .replace(/locations\/[^/]+/, (place) => place.replaceAll('%20', '').toLowerCase());
}

/** Members and types; not values, and not how many there are of a list. */
function differ(theirs: unknown, ours: unknown, path: string): string[] {
  if (Array.isArray(theirs) && Array.isArray(ours)) {
    return theirs.length > 0 && ours.length > 0 ? differ(theirs[0], ours[0], `${path}[]`) : [];
  }
  if (isObject(theirs) && isObject(ours)) {
    if (/(^|\.)(tags|userAssignedIdentities)$/.test(path)) return [];
    const names = new Set([...Object.keys(theirs), ...Object.keys(ours)]);
    return [...names].flatMap((name) => {
      const inner = path ? `${path}.${name}` : name;
      const member = inner.replace(/^value\[\]\./, '');
      if (!(name in ours)) return [`- ${member}`];
      if (!(name in theirs)) return [`+ ${member}`];
      return differ(theirs[name], ours[name], inner);
    });
  }
  return typeof theirs === typeof ours && Array.isArray(theirs) === Array.isArray(ours)
    ? []
    : [`≠ ${path}: ${typeof theirs}, ${typeof ours}`];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function files(): string[] {
  return SPEC_IS_THERE ? readdirSync(FOLDER).filter((name) => name.endsWith('.json')) : [];
}

function entries(file: string): Entry[] {
  return JSON.parse(readFileSync(join(FOLDER, file), 'utf8'));
}

function readBody(reference: string): unknown {
  return JSON.parse(readFileSync(join(FOLDER, 'bodies', `${reference}.json`), 'utf8'));
}

function recordedConfigurations(): typeof CONFIGURATIONS {
  const { value } = readBody('configurations-203d97871d4b') as {
    value: { name: string; properties: Record<string, string> }[];
  };
  return value.map(({ name, properties }) => ({
    ...configuration(
      name,
      properties['defaultValue'] ?? '',
      properties['dataType'] as 'String',
      properties['allowedValues'] ?? '',
    ),
    documentationLink: properties['documentationLink'] ?? '',
    isReadOnly: properties['isReadOnly'] === 'True',
  }));
}
