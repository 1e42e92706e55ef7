import * as z from 'zod';
import { isAtLeast, MYSQL_API_VERSIONS } from '../../arm/api-versions.ts';
import { ArmError } from '../../arm/error.ts';
import { SERVER_TYPE } from '../../arm/resource-id.ts';
import { configurationProblem } from '../../rules/configurations.ts';
import type { MysqlConfiguration } from '../mysql/configurations.ts';
import { beginUpdateConfigurations } from '../operations/begin.ts';
import type { ServerRow } from '../store/servers.ts';
import { accepted } from './accepted.ts';
import { projectConfiguration } from './api-version.ts';
import { parseBody } from './parse-body.ts';
import { childNotFound, invalidParameter } from './refusals.ts';
import { callerOf, requireServer, type Resources } from './resources.ts';
import type { ArmRequest, ArmResponse, ArmRoute } from './route.ts';
import { serverRoute } from './server-routes.ts';
import { serverResourceId } from './server-shape.ts';
import { ONE_SERVER } from './servers.ts';

const TYPE = `${SERVER_TYPE}/configurations`;
const LIST = `${ONE_SERVER}/configurations`;
const ONE = `${LIST}/{configurationName}`;

const Change = z.object({
  value: z.string().nullish(),
  currentValue: z.string().nullish(),
  source: z.enum(['user-override', 'system-default']).nullish(),
});

const ConfigurationBody = z.strictObject({
  id: z.string().optional(),
  name: z.string().optional(),
  type: z.string().optional(),
  systemData: z.unknown().optional(),
  properties: Change.nullish(),
});

const BatchBody = z.strictObject({
  value: z.array(z.object({ name: z.string(), properties: Change.nullish() })).nullish(),
  resetAllToDefault: z.enum(['True', 'False']).nullish(),
});

/** System variable → value; null: back to the default. */
type Values = Record<string, string | null>;

/** Server parameters: what MySQL has, what a person set, and the change of one or many. */
export function configurationRoutes(resources: Resources): ArmRoute[] {
  const { control, dataPlane } = resources;
  const route = serverRoute(resources, SERVER_TYPE, MYSQL_API_VERSIONS);

  /** @param values made from the body and what the server has; checked, then begun on the server as it is by then. */
  async function change(
    request: ArmRequest,
    server: ServerRow,
    method: string,
    values: (known: MysqlConfiguration[]) => Values,
  ): Promise<ArmResponse> {
    const wanted = values(await dataPlane.readConfigurations(server));
    const { apiVersion } = request;
    const caller = callerOf(request, method);
    return accepted(
      request,
      beginUpdateConfigurations(control, {
        server: requireServer(resources, request),
        values: wanted,
        apiVersion,
        caller,
      }),
    );
  }

  const changeOne = (method: 'PUT' | 'PATCH') => (request: ArmRequest, server: ServerRow) => {
    const { properties } = parseBody(ConfigurationBody, request.body);
    return change(request, server, method, (known) => {
      const configuration = find(known, request.params['configurationName']!);
      return { [configuration.name]: newValue(configuration, properties ?? {}, 'properties.value') };
    });
  };

  return [
    route('GET', LIST, 'Configurations_ListByServer', 'configurations/read', async (request, server) => {
      const known = await dataPlane.readConfigurations(server);
      const wanted = known.filter(keywordFilter(request.query['keyword']));
      const { page, pageSize } = pageOf(request, wanted.length);
      const value = wanted
        .slice((page - 1) * pageSize, page * pageSize)
        .map((configuration) => armConfiguration(server, configuration, request.apiVersion));
      return { status: 200, body: { value } };
    }),
    route('GET', ONE, 'Configurations_Get', 'configurations/read', async (request, server) => {
      const configuration = find(await dataPlane.readConfigurations(server), request.params['configurationName']!);
      return { status: 200, body: armConfiguration(server, configuration, request.apiVersion) };
    }),
    route('PATCH', ONE, 'Configurations_Update', 'configurations/write', changeOne('PATCH')),
    {
      ...route('PUT', ONE, 'Configurations_CreateOrUpdate', 'configurations/write', changeOne('PUT')),
      apiVersions: MYSQL_API_VERSIONS.filter((version) => isAtLeast(version, '2021-12-01-preview')),
    },
    route(
      'POST',
      `${ONE_SERVER}/updateConfigurations`,
      'Configurations_BatchUpdate',
      'updateConfigurations/action',
      async (request, server) => {
        const { value = [], resetAllToDefault } = parseBody(BatchBody, request.body);
        return change(request, server, 'POST', (known) => {
          const values: Values =
            resetAllToDefault === 'True'
              ? Object.fromEntries(Object.keys(server.overrides).map((name) => [name, null]))
              : {};
          (value ?? []).forEach(({ name, properties }, index) => {
            const configuration = known.find((candidate) => candidate.name === name.toLowerCase());
            if (!configuration) {
              throw invalidParameter(`value[${index}].name`, `There is no server parameter “${name}”.`);
            }
            values[configuration.name] = newValue(configuration, properties ?? {}, `value[${index}].properties.value`);
          });
          if (Object.keys(values).length === 0 && resetAllToDefault !== 'True') {
            throw invalidParameter('value', 'There is nothing to change. Send at least one parameter.');
          }
          return values;
        });
      },
    ),
  ];
}

/** @throws {ArmError} ResourceNotFound 404. */
function find(known: MysqlConfiguration[], name: string): MysqlConfiguration {
  const configuration = known.find((candidate) => candidate.name === name.toLowerCase());
  if (!configuration) throw childNotFound(TYPE, name);
  return configuration;
}

/** @throws {ArmError} InvalidParameterValue, ConfigurationReadOnly 400. */
function newValue(configuration: MysqlConfiguration, change: z.infer<typeof Change>, target: string): string | null {
  if (configuration.isReadOnly) {
    throw new ArmError('ConfigurationReadOnly', 400, configurationProblem(configuration, '')!, { target });
  }
  if (change.source === 'system-default') return null;
  if (change.value === undefined || change.value === null) {
    throw invalidParameter(
      target,
      `Send a value for ${configuration.name}, or the source 'system-default' to reset it.`,
    );
  }
  const problem = configurationProblem(configuration, change.value);
  if (problem) throw invalidParameter(target, problem);
  return change.value === configuration.defaultValue ? null : change.value;
}

function keywordFilter(keyword: string | undefined): (configuration: MysqlConfiguration) => boolean {
  const wanted = keyword?.toLowerCase();
  return ({ name }) => wanted === undefined || name.includes(wanted);
}

/** This list has paging of its own (`page` from 1, `pageSize`), all at once when it is not asked for. */
function pageOf({ query }: ArmRequest, total: number): { page: number; pageSize: number } {
  const read = (name: 'page' | 'pageSize', fallback: number): number => {
    const text = query[name];
    if (text === undefined) return fallback;
    if (!/^[1-9]\d{0,5}$/.test(text)) {
      throw invalidParameter(name, `The value '${text}' of ${name} is not a whole number above 0.`);
    }
    return Number(text);
  };
  return { page: read('page', 1), pageSize: read('pageSize', Math.max(total, 1)) };
}

export function armConfiguration(server: ServerRow, configuration: MysqlConfiguration, apiVersion: string) {
  const { name, value, currentValue, defaultValue, dataType, allowedValues, description, documentationLink } =
    configuration;
  const pending = configuration.isPendingRestart || server.pendingRestart.includes(name);
  return projectConfiguration(
    {
      properties: {
        value,
        currentValue,
        description,
        ...(documentationLink && { documentationLink }),
        defaultValue,
        dataType,
        allowedValues,
        source: configuration.source,
        isConfigPendingRestart: trueOrFalse(pending),
        isDynamicConfig: trueOrFalse(configuration.isDynamic),
        isReadOnly: trueOrFalse(configuration.isReadOnly),
      },
      id: `${serverResourceId(server)}/configurations/${name}`,
      name,
      type: TYPE,
    },
    apiVersion,
  );
}

/** Booleans of this resource are words. */
function trueOrFalse(value: boolean): 'True' | 'False' {
  return value ? 'True' : 'False';
}
