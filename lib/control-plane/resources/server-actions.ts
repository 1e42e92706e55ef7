import { MYSQL_API_VERSIONS } from '../../arm/api-versions.ts';
import { ServerRestartParameter } from '../../arm/mysql/server.ts';
import { SERVER_TYPE } from '../../arm/resource-id.ts';
import { beginFailoverServer, beginRestartServer, beginStartServer, beginStopServer } from '../operations/begin.ts';
import type { Control } from '../operations/world.ts';
import type { OperationRow } from '../store/operations.ts';
import { accepted } from './accepted.ts';
import { parseBody } from './parse-body.ts';
import { callerOf, requireServer, type Resources } from './resources.ts';
import type { ArmRequest, ArmRoute } from './route.ts';
import { ONE_SERVER } from './servers.ts';

type BeginAction = (control: Control, on: Parameters<typeof beginStartServer>[1], request: ArmRequest) => OperationRow;

/** Start, stop, restart and failover; whether the server's state allows it is checked where the operation begins. */
export function serverActionRoutes(resources: Resources): ArmRoute[] {
  const route = (name: string, operationId: string, begin: BeginAction): ArmRoute => ({
    method: 'POST',
    path: `${ONE_SERVER}/${name}`,
    operationId,
    action: `${SERVER_TYPE}/${name}/action`,
    apiVersions: MYSQL_API_VERSIONS,
    handle: (request) => {
      const server = requireServer(resources, request);
      const { apiVersion } = request;
      return accepted(
        request,
        begin(resources.control, { server, apiVersion, caller: callerOf(request, 'POST') }, request),
      );
    },
  });
  return [
    route('start', 'Servers_Start', beginStartServer),
    route('stop', 'Servers_Stop', beginStopServer),
    route('restart', 'Servers_Restart', (control, on, request) => {
      const { restartWithFailover, maxFailoverSeconds } = restartParameter(request);
      if (restartWithFailover !== 'Enabled') return beginRestartServer(control, on);
      const reason = 'It was restarted with failover.';
      // None, or none given: as long as it takes.
      const maxSeconds = maxFailoverSeconds || undefined;
      return beginFailoverServer(control, { ...on, kind: 'forced', reason, ...(maxSeconds && { maxSeconds }) });
    }),
    route('failover', 'Servers_Failover', (control, on) =>
      beginFailoverServer(control, { ...on, kind: 'planned', reason: 'It was asked for.' }),
    ),
  ];
}

function restartParameter({ body }: ArmRequest): ServerRestartParameter {
  return body === undefined || body === null ? {} : parseBody(ServerRestartParameter, body);
}
