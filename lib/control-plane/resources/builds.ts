import { FLEXDECK_LOCAL, FLEXDECK_LOCAL_VERSION } from '../../arm/flexdeck-local.ts';
import { compareBuilds, FAILED_AGAIN_MS, relationOfBuild, type BuildRelation } from '../../rules/maintenance.ts';
import { readPrimary } from '../store/instances.ts';
import { listMaintenances } from '../store/maintenances.ts';
import type { ServerRow } from '../store/servers.ts';
import { page } from './paging.ts';
import { requireServer, type Resources } from './resources.ts';
import type { ArmRoute } from './route.ts';
import { serverResourceId } from './server-shape.ts';
import { ONE_SERVER } from './servers.ts';

const TYPE = `${FLEXDECK_LOCAL}/builds`;

/** The builds of MySQL on this machine, and why each is, or is not, to come to a server. */
export function mysqlBuildRoutes(resources: Resources): ArmRoute[] {
  return [
    {
      method: 'GET',
      path: `${ONE_SERVER}/providers/${TYPE}`,
      operationId: 'Builds_List',
      action: `${TYPE}/read`,
      apiVersions: [FLEXDECK_LOCAL_VERSION],
      handle: (request) => ({
        status: 200,
        body: page(request, buildsFor(resources, requireServer(resources, request))),
      }),
    },
  ];
}

interface BuildProperties {
  /** `9.7.4`; absent where it cannot be told. */
  version?: string;
  /** When it came to this machine, ISO 8601; absent where that is not known. */
  cameAt?: string;
  state: BuildRelation | 'Unusable';
  /** A sentence or two for people. */
  explanation: string;
}

function buildsFor({ control }: Resources, server: ServerRow) {
  const { database, runtimes, unusableRuntimes } = control.world;
  const current = runtimes.find(({ id }) => id === readPrimary(database, server.id).runtimeId);
  const history = listMaintenances(database, server.id);
  const arm = (name: string, properties: BuildProperties) => ({
    id: `${serverResourceId(server)}/providers/${TYPE}/${name}`,
    name,
    type: TYPE,
    properties,
  });
  const usable = runtimes.toSorted((one, other) => compareBuilds(other, one));
  return [
    ...usable.map((build) => {
      const { id, fullVersion: version, registeredAt } = build;
      const cameAt = registeredAt > 0 ? { cameAt: iso(registeredAt) } : {};
      if (!current) {
        return arm(id, {
          version,
          ...cameAt,
          state: 'NotNewer',
          explanation: 'The server’s own build is not on this machine.',
        });
      }
      if (id === current.id) {
        return arm(id, { version, ...cameAt, state: 'InUse', explanation: 'The server runs on it.' });
      }
      const { state, explanation } = relationOfBuild(current, build);
      const last = history.find(({ toRuntime }) => toRuntime === id);
      const further = state === 'Newer' ? story(last) : '';
      return arm(id, { version, ...cameAt, state, explanation: `${explanation}${further}` });
    }),
    ...[...unusableRuntimes].map(([id, reason]) =>
      arm(id, { state: 'Unusable', explanation: `It cannot be used. ${wordsOf(reason)}` }),
    ),
  ];
}

function story(last: ReturnType<typeof listMaintenances>[number] | undefined): string {
  if (last?.state === 'Scheduled' || last?.state === 'ReScheduled') return ' Its maintenance is ahead.';
  if (last?.state === 'Processing') return ' It is being brought now.';
  if (last?.state === 'Canceled' && last.executionEndedAt !== null) {
    return ` It failed, and is offered again from ${iso(last.executionEndedAt + FAILED_AGAIN_MS).slice(0, 10)} on.`;
  }
  return '';
}

/** People are not shown this machine's folders. */
function wordsOf(reason: string): string {
  const [first] = reason.split('\n');
  if (first!.startsWith('Command failed')) return 'Its mysqld does not start on this machine.';
  if (!first!.includes('/')) return first!;
  const lacks = /(?:has no|lacks) ([\w., ]+)\.$/.exec(first!);
  return lacks ? `It has no ${lacks[1]}.` : 'It is not complete.';
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
