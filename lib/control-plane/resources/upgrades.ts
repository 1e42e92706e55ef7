import * as z from 'zod';
import { FLEXDECK_LOCAL } from '../../arm/flexdeck-local.ts';
import type { Upgrade, UpgradeCheck } from '../../arm/local/upgrade.ts';
import { upgradeProblem } from '../../rules/upgrades.ts';
import { beginCheckUpgrade } from '../operations/begin-upgrade.ts';
import type { Database } from '../store/database.ts';
import type { ServerRow } from '../store/servers.ts';
import { listUpgradeChecks, listUpgrades, type UpgradeCheckRow, type UpgradeRow } from '../store/upgrades.ts';
import { accepted } from './accepted.ts';
import { localRoute } from './local-route.ts';
import { page } from './paging.ts';
import { parseBody } from './parse-body.ts';
import { cannotChange } from './refusals.ts';
import { callerOf, offerOf, type Resources } from './resources.ts';
import type { ArmRoute } from './route.ts';
import { requireRuntime, requireVersion } from './server-requirements.ts';
import { intentOf, serverResourceId } from './server-shape.ts';

const CheckRequest = z.strictObject({
  /** The series to go to. */
  version: z.string(),
  /** Also on a copy of the data, restored from the newest backup. */
  rehearse: z.boolean().default(true),
});

/** Whether servers can go to another series of MySQL, tried before they do; and how those went that did. */
export function upgradeRoutes(resources: Resources): ArmRoute[] {
  const { control } = resources;
  const { database } = control.world;
  function listed<Row>(
    name: string,
    operationId: string,
    list: (from: Database, serverId: string) => Row[],
    arm: (server: ServerRow, row: Row) => unknown,
  ): ArmRoute {
    return localRoute(
      resources,
      { method: 'GET', name, operationId, permission: `${name}/read` },
      (request, server) => {
        const rows = list(database, server.id).map((row) => arm(server, row));
        return { status: 200, body: page(request, rows) };
      },
    );
  }
  return [
    localRoute(
      resources,
      { method: 'POST', name: 'checkUpgrade', operationId: 'Upgrades_Check', permission: 'checkUpgrade/action' },
      (request, server) => {
        const { version, rehearse } = parseBody(CheckRequest, request.body);
        const { sku, properties } = intentOf(server);
        requireVersion(version, offerOf(resources));
        const to = requireRuntime(version, control.world.runtimes);
        const problem = upgradeProblem({ from: properties.version, to: version, tier: sku.tier });
        if (problem) throw cannotChange('version', problem);
        const { apiVersion } = request;
        const caller = callerOf(request, 'POST');
        return accepted(request, beginCheckUpgrade(control, { server, to, rehearse, apiVersion, caller }));
      },
    ),
    listed('upgradeChecks', 'UpgradeChecks_List', listUpgradeChecks, armCheck),
    listed('upgrades', 'Upgrades_List', listUpgrades, armUpgrade),
  ];
}

function shell(server: ServerRow, type: string, name: string) {
  return {
    id: `${serverResourceId(server)}/providers/${FLEXDECK_LOCAL}/${type}/${name}`,
    name,
    type: `${FLEXDECK_LOCAL}/${type}`,
  };
}

function armCheck(server: ServerRow, row: UpgradeCheckRow): UpgradeCheck & { type: string } {
  const { id, fromVersion, toVersion, status, startedAt, endedAt, checks, startMs, problem } = row;
  return {
    ...shell(server, 'upgradeChecks', id),
    properties: {
      fromVersion,
      toVersion,
      status,
      startedAt: iso(startedAt),
      endedAt: endedAt === null ? null : iso(endedAt),
      checks,
      startMilliseconds: startMs,
      problem,
    },
  };
}

function armUpgrade(server: ServerRow, row: UpgradeRow): Upgrade & { type: string } {
  const { id, fromVersion, toVersion, status, startedAt, endedAt, downtimeMs, backup, problem } = row;
  return {
    ...shell(server, 'upgrades', id),
    properties: {
      fromVersion,
      toVersion,
      status,
      startedAt: iso(startedAt),
      endedAt: endedAt === null ? null : iso(endedAt),
      downtimeMilliseconds: downtimeMs,
      backup,
      problem,
    },
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
