import { MYSQL_API_VERSIONS } from '../../arm/api-versions.ts';
import { ArmError } from '../../arm/error.ts';
import { FirewallRuleForPut } from '../../arm/mysql/firewall-rule.ts';
import { SERVER_TYPE } from '../../arm/resource-id.ts';
import { addressRangeProblem, firewallRuleNameProblem, MAX_FIREWALL_RULES } from '../../rules/names.ts';
import { beginDeleteFirewallRule, beginPutFirewallRule } from '../operations/begin.ts';
import { findFirewallRule, listFirewallRules, type FirewallRuleRow } from '../store/firewall-rules.ts';
import type { ServerRow } from '../store/servers.ts';
import { accepted } from './accepted.ts';
import { page } from './paging.ts';
import { parseBody } from './parse-body.ts';
import { childNotFound, invalidParameter } from './refusals.ts';
import { callerOf, type Resources } from './resources.ts';
import type { ArmRoute } from './route.ts';
import { serverRoute } from './server-routes.ts';
import { serverResourceId } from './server-shape.ts';
import { ONE_SERVER } from './servers.ts';

const TYPE = `${SERVER_TYPE}/firewallRules`;
const LIST = `${ONE_SERVER}/firewallRules`;
const ONE = `${LIST}/{firewallRuleName}`;

/** Which IPv4 addresses may connect to a server. */
export function firewallRuleRoutes(resources: Resources): ArmRoute[] {
  const { control } = resources;
  const { database } = control.world;
  const route = serverRoute(resources, TYPE, MYSQL_API_VERSIONS);

  return [
    route('GET', LIST, 'FirewallRules_ListByServer', 'read', (request, server) => {
      const rules = listFirewallRules(database, server.id);
      return {
        status: 200,
        body: page(
          request,
          rules.map((rule) => armFirewallRule(server, rule)),
        ),
      };
    }),
    route('GET', ONE, 'FirewallRules_Get', 'read', ({ params }, server) => {
      const name = params['firewallRuleName']!;
      const rule = findFirewallRule(database, server.id, name);
      if (!rule) throw childNotFound(TYPE, name);
      return { status: 200, body: armFirewallRule(server, rule) };
    }),
    route('PUT', ONE, 'FirewallRules_CreateOrUpdate', 'write', (request, server) => {
      const name = request.params['firewallRuleName']!;
      const { startIpAddress, endIpAddress } = requireRule(name, request.body);
      const rules = listFirewallRules(database, server.id);
      const isNew = !rules.some((rule) => rule.name.toLowerCase() === name.toLowerCase());
      if (isNew && rules.length >= MAX_FIREWALL_RULES) {
        throw new ArmError(
          'FirewallRuleLimitExceeded',
          400,
          `The server has ${MAX_FIREWALL_RULES} firewall rules already, the most it can have. Delete one first.`,
          { target: 'firewallRuleName' },
        );
      }
      const { apiVersion } = request;
      const caller = callerOf(request, 'PUT');
      return accepted(
        request,
        beginPutFirewallRule(control, { server, name, startIpAddress, endIpAddress, apiVersion, caller }),
      );
    }),
    route('DELETE', ONE, 'FirewallRules_Delete', 'delete', (request, server) => {
      const name = request.params['firewallRuleName']!;
      const rule = findFirewallRule(database, server.id, name);
      if (!rule) return { status: 204 };
      const { apiVersion } = request;
      const caller = callerOf(request, 'DELETE');
      return accepted(request, beginDeleteFirewallRule(control, { server, name: rule.name, apiVersion, caller }));
    }),
  ];
}

/** @throws {ArmError} InvalidFirewallRuleName, InvalidParameterValue 400. */
function requireRule(name: string, input: unknown): { startIpAddress: string; endIpAddress: string } {
  const nameProblem = firewallRuleNameProblem(name);
  if (nameProblem) throw new ArmError('InvalidFirewallRuleName', 400, nameProblem, { target: 'firewallRuleName' });
  const { properties } = parseBody(FirewallRuleForPut, input);
  const problem = addressRangeProblem(properties.startIpAddress, properties.endIpAddress);
  if (problem) throw invalidParameter(`properties.${problem.field}`, problem.message);
  return properties;
}

export function armFirewallRule(server: ServerRow, { name, startIpAddress, endIpAddress }: FirewallRuleRow) {
  return {
    properties: { startIpAddress, endIpAddress },
    id: `${serverResourceId(server)}/firewallRules/${name}`,
    name,
    type: TYPE,
  };
}
