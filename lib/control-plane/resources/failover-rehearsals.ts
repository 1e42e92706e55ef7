import { ArmError } from '../../arm/error.ts';
import { FLEXDECK_LOCAL, FLEXDECK_LOCAL_VERSION } from '../../arm/flexdeck-local.ts';
import { FailoverRehearsalForPut } from '../../arm/local/failover-rehearsal.ts';
import { beginRehearseFailover } from '../operations/begin.ts';
import {
  deleteFailoverRehearsal,
  findFailoverRehearsal,
  listFailoverRehearsals,
  readRehearsalSamples,
  type FailoverRehearsalRow,
} from '../store/failover-rehearsals.ts';
import type { ServerRow } from '../store/servers.ts';
import { accepted } from './accepted.ts';
import { page } from './paging.ts';
import { parseBody } from './parse-body.ts';
import { childNotFound, invalidParameter } from './refusals.ts';
import { callerOf, type Resources } from './resources.ts';
import type { ArmRequest, ArmRoute } from './route.ts';
import { serverRoute } from './server-routes.ts';
import { serverResourceId } from './server-shape.ts';
import { ONE_SERVER } from './servers.ts';

const TYPE = `${FLEXDECK_LOCAL}/failoverRehearsals`;
const LIST = `${ONE_SERVER}/providers/${TYPE}`;
const ONE = `${LIST}/{rehearsalName}`;
const WRITERS = 4;

/** Failovers under a writer of our own: begin one, read what it saw, forget it. */
export function failoverRehearsalRoutes(resources: Resources): ArmRoute[] {
  const { control } = resources;
  const { database } = control.world;
  const route = serverRoute(resources, TYPE, [FLEXDECK_LOCAL_VERSION]);
  const find = ({ params }: ArmRequest, server: ServerRow) =>
    findFailoverRehearsal(database, server.id, params['rehearsalName']!);

  return [
    route('GET', LIST, 'FailoverRehearsals_ListByServer', 'read', (request, server) => {
      const rehearsals = listFailoverRehearsals(database, server.id).map((row) => armRehearsal(server, row));
      return { status: 200, body: page(request, rehearsals) };
    }),
    route('GET', ONE, 'FailoverRehearsals_Get', 'read', (request, server) => {
      const row = find(request, server);
      if (!row) throw childNotFound(TYPE, request.params['rehearsalName']!);
      const { properties, ...rest } = armRehearsal(server, row);
      const samples = readRehearsalSamples(database, row.id);
      return { status: 200, body: { ...rest, properties: { ...properties, ...(samples && { samples }) } } };
    }),
    route('PUT', ONE, 'FailoverRehearsals_Create', 'write', (request, server) => {
      const name = request.params['rehearsalName']!;
      if (!/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/i.test(name)) {
        throw invalidParameter(
          'rehearsalName',
          'The name of a rehearsal has 1 to 64 letters, digits and hyphens, with no hyphen at either end.',
        );
      }
      const { kind, writers = WRITERS } = parseBody(FailoverRehearsalForPut, request.body).properties;
      if (find(request, server)) {
        throw new ArmError(
          'FailoverRehearsalExists',
          409,
          `There is a rehearsal '${name}' already, and what happened cannot be changed. Choose another name, or delete it first.`,
          { target: 'rehearsalName' },
        );
      }
      const { apiVersion } = request;
      const caller = callerOf(request, 'PUT');
      return accepted(request, beginRehearseFailover(control, { server, name, kind, writers, apiVersion, caller }));
    }),
    route('DELETE', ONE, 'FailoverRehearsals_Delete', 'delete', (request, server) => {
      const row = find(request, server);
      if (!row) return { status: 204 };
      if (row.state === 'Running' || row.hasTraces) {
        throw new ArmError(
          'FailoverRehearsalRunning',
          409,
          row.state === 'Running'
            ? `The rehearsal '${row.name}' is running. Wait until it ends.`
            : `What the rehearsal '${row.name}' left on the server is removed once the server runs. Then it can be deleted.`,
          { target: 'rehearsalName' },
        );
      }
      deleteFailoverRehearsal(database, row.id);
      return { status: 200 };
    }),
  ];
}

function armRehearsal(server: ServerRow, row: FailoverRehearsalRow) {
  const { name, kind, writers, state, startedAt, endedAt, error, report } = row;
  return {
    id: `${serverResourceId(server)}/providers/${TYPE}/${name}`,
    name,
    type: TYPE,
    properties: {
      kind,
      writers,
      state,
      startTime: new Date(startedAt).toISOString(),
      ...(endedAt !== null && { endTime: new Date(endedAt).toISOString() }),
      ...(error && { error: { code: error.code, message: error.message } }),
      ...(report && { report }),
    },
  };
}
