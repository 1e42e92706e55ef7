import { activityLogRoutes } from './activity-log.ts';
import { actionGroupRoutes } from './action-groups.ts';
import { alertPreviewRoutes } from './alert-preview.ts';
import { alertProcessingRuleRoutes } from './alert-processing-rules.ts';
import { alertRoutes } from './alerts.ts';
import { asyncOperationRoutes } from './async-operations.ts';
import { backupStorageRoutes } from './backup-storage.ts';
import { backupRoutes } from './backups.ts';
import { backupTimelineRoutes } from './backup-timeline.ts';
import { backupVerificationRoutes } from './backup-verifications.ts';
import { deletedServerRoutes } from './deleted-servers.ts';
import { restoreEstimateRoutes } from './restore-estimate.ts';
import { restoreProgressRoutes } from './restore-progress.ts';
import { configurationRoutes } from './configurations.ts';
import { databaseRoutes } from './databases.ts';
import { failoverRehearsalRoutes } from './failover-rehearsals.ts';
import { firewallRuleRoutes } from './firewall-rules.ts';
import { logRoutes } from './server-logs.ts';
import { queryInsightsRoutes } from './query-insights.ts';
import { sessionRoutes } from './sessions.ts';
import { lockRoutes } from './locks.ts';
import { metricAlertRoutes } from './metric-alerts.ts';
import { metricsBatchRoutes } from './metrics-batch.ts';
import { highAvailabilityEstimateRoutes } from './high-availability-estimate.ts';
import { mysqlBuildRoutes } from './builds.ts';
import { limitRoutes } from './limits.ts';
import { maintenanceRoutes } from './maintenances.ts';
import { metricRoutes } from './metrics.ts';
import { notificationChannelRoutes } from './notification-channels.ts';
import { operationsListRoutes } from './operations-list.ts';
import { providerRoutes } from './providers.ts';
import { resourceGroupRoutes } from './resource-groups.ts';
import { resourceHealthRoutes } from './resource-health.ts';
import { resourceListRoutes } from './resources-list.ts';
import type { Resources } from './resources.ts';
import type { ArmRoute } from './route.ts';
import { serverCertificateRoutes } from './server-certificate.ts';
import { scheduleRoutes } from './schedules.ts';
import { serverActionRoutes } from './server-actions.ts';
import { serverRoutes } from './servers.ts';
import { serviceOperationRoutes } from './service-operations.ts';
import { subscriptionRoutes } from './subscriptions.ts';
import { tableRecoveryRoutes } from './table-recovery.ts';
import { tagRoutes } from './tags.ts';
import { upgradeRoutes } from './upgrades.ts';
import { zoneRoutes } from './zones.ts';

/**
 * Every operation of the REST API on resources.
 *
 * @param others routes made elsewhere (`identity/`): not among those given back, but listed with their providers.
 */
export function armRoutes(resources: Resources, others: readonly ArmRoute[] = []): ArmRoute[] {
  const routes = [
    ...subscriptionRoutes(resources),
    ...resourceGroupRoutes(resources),
    ...resourceListRoutes(resources),
    ...tagRoutes(resources),
    ...operationsListRoutes(),
    ...serviceOperationRoutes(resources),
    ...serverRoutes(resources),
    ...serverActionRoutes(resources),
    ...highAvailabilityEstimateRoutes(resources),
    ...firewallRuleRoutes(resources),
    ...failoverRehearsalRoutes(resources),
    ...zoneRoutes(resources),
    ...databaseRoutes(resources),
    ...backupRoutes(resources),
    ...backupStorageRoutes(resources),
    ...backupTimelineRoutes(resources),
    ...backupVerificationRoutes(resources),
    ...restoreEstimateRoutes(resources),
    ...restoreProgressRoutes(resources),
    ...deletedServerRoutes(resources),
    ...tableRecoveryRoutes(resources),
    ...configurationRoutes(resources),
    ...asyncOperationRoutes(resources),
    ...activityLogRoutes(resources),
    ...metricRoutes(resources),
    ...logRoutes(resources),
    ...queryInsightsRoutes(resources),
    ...sessionRoutes(resources),
    ...serverCertificateRoutes(resources),
    ...lockRoutes(resources),
    ...scheduleRoutes(resources),
    ...maintenanceRoutes(resources),
    ...mysqlBuildRoutes(resources),
    ...upgradeRoutes(resources),
    ...limitRoutes(resources),
    ...metricsBatchRoutes(resources),
    ...metricAlertRoutes(resources),
    ...actionGroupRoutes(resources),
    ...notificationChannelRoutes(resources),
    ...alertRoutes(resources),
    ...alertProcessingRuleRoutes(resources),
    ...alertPreviewRoutes(resources),
    ...resourceHealthRoutes(resources),
  ];
  return [...routes, ...providerRoutes(resources, [...routes, ...others])];
}
