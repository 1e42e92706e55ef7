import { MYSQL_API_VERSIONS } from '../../arm/api-versions.ts';
import { ServerRestartParameter } from '../../arm/mysql/server.ts';
import { SERVER_TYPE } from '../../arm/resource-id.ts';
import { beginRestartServer, beginStartServer, beginStopServer } from '../operations/begin.ts';
import { accepted } from './accepted.ts';
import { parseBody } from './parse-body.ts';
import { notOffered } from './refusals.ts';
import { callerOf, requireServer, type Resources } from './resources.ts';
import type { ArmRequest, ArmRoute } from './route.ts';
import { ONE_SERVER } from './servers.ts';

/** Start, stop and restart; whether the server's state allows it is checked where the operation begins. */
export function serverActionRoutes(resources: Resources): ArmRoute[] {
  const route = (name: string, operationId: string, begin: typeof beginStartServer): ArmRoute => ({
    method: 'POST',
    path: `${ONE_SERVER}/${name}`,
    operationId,
    action: `${SERVER_TYPE}/${name}/action`,
    apiVersions: MYSQL_API_VERSIONS,
    handle: (request) => {
      const server = requireServer(resources, request);
      if (name === 'restart') requireRestart(request);
      const { apiVersion } = request;
      return accepted(request, begin(resources.control, { server, apiVersion, caller: callerOf(request, 'POST') }));
    },
  });
  return [
    route('start', 'Servers_Start', beginStartServer),
    route('stop', 'Servers_Stop', beginStopServer),
    route('restart', 'Servers_Restart', beginRestartServer),
  ];
}

function requireRestart({ body }: ArmRequest): void {
  if (body === undefined || body === null) return;
  const { restartWithFailover } = parseBody(ServerRestartParameter, body);
  if (restartWithFailover === 'Enabled') throw notOffered('restartWithFailover', 'High availability is');
}
