import { backUpServer } from './back-up-server.ts';
import { checkUpgrade } from './check-upgrade.ts';
import { createServer } from './create-server.ts';
import { deleteBackup } from './delete-backup.ts';
import { deleteDatabase, putDatabase } from './database.ts';
import type { OperationDefinition } from './definition.ts';
import { deleteResourceGroupOperation } from './delete-resource-group.ts';
import { deleteServer } from './delete-server.ts';
import { deleteFirewallRuleOperation, putFirewallRuleOperation } from './firewall-rule.ts';
import { failoverServer } from './failover-server.ts';
import { patchServer } from './patch-server.ts';
import { rebuildStandby } from './rebuild-standby.ts';
import { recoverServer, resumeServer } from './recover-server.ts';
import { rehearseFailover } from './rehearse-failover.ts';
import { recoverTables } from './recover-tables.ts';
import { rescheduleMaintenance } from './reschedule-maintenance.ts';
import { restartServer } from './restart-server.ts';
import { rollServer } from './roll-server.ts';
import { restoreServer } from './restore-server.ts';
import { setStorageAccess } from './set-storage-access.ts';
import { startServer } from './start-server.ts';
import { stopServer } from './stop-server.ts';
import { updateConfigurations } from './update-configurations.ts';
import { updateServerOperation } from './update-server.ts';
import { upgradeServer } from './upgrade-server.ts';
import { verifyBackup } from './verify-backup.ts';
import type { World } from './world.ts';

/**
 * Every long-running operation by its kind, which the journal keeps: never rename one, nor a step of one, without
 * seeing to homes in which it is in progress.
 */
export const OPERATIONS = {
  'create-server': createServer,
  'update-server': updateServerOperation,
  'start-server': startServer,
  'stop-server': stopServer,
  'restart-server': restartServer,
  'roll-server': rollServer,
  'recover-server': recoverServer,
  'failover-server': failoverServer,
  'rebuild-standby': rebuildStandby,
  'rehearse-failover': rehearseFailover,
  'resume-server': resumeServer,
  'delete-server': deleteServer,
  'put-firewall-rule': putFirewallRuleOperation,
  'delete-firewall-rule': deleteFirewallRuleOperation,
  'put-database': putDatabase,
  'delete-database': deleteDatabase,
  'update-configurations': updateConfigurations,
  'back-up-server': backUpServer,
  'delete-backup': deleteBackup,
  'restore-server': restoreServer,
  'verify-backup': verifyBackup,
  'recover-tables': recoverTables,
  'patch-server': patchServer,
  'check-upgrade': checkUpgrade,
  'upgrade-server': upgradeServer,
  'reschedule-maintenance': rescheduleMaintenance,
  'set-storage-access': setStorageAccess,
  'delete-resource-group': deleteResourceGroupOperation,
} as const satisfies Record<string, OperationDefinition<World, never>>;
