import * as z from 'zod';
import { FLEXDECK_LOCAL } from '../../arm/flexdeck-local.ts';
import { momentTextOrNull } from '../backup/moment.ts';
import { beginVerifyBackup } from '../operations/begin-backup.ts';
import { readBackupSettings, writeBackupSettings } from '../store/backup-settings.ts';
import { listBackupVerifications, type BackupVerificationRow } from '../store/backup-verifications.ts';
import { accepted } from './accepted.ts';
import { localRoute, localShell } from './local-route.ts';
import { page } from './paging.ts';
import { parseBody } from './parse-body.ts';
import { callerOf, type Resources } from './resources.ts';
import { requireRestorable } from './restore.ts';
import type { ArmRoute } from './route.ts';
import { serverResourceId } from './server-shape.ts';

const TYPE = 'backupVerifications';

const SettingsPatch = z.strictObject({
  properties: z.strictObject({
    verificationIntervalHours: z
      .int()
      .min(0)
      .max(24 * 35)
      .optional(),
    bigChangeRows: z.int().min(1).max(1_000_000_000).optional(),
  }),
});

/** Trials of the newest backup, by request and by their schedule; and that, with what counts as a big change. */
export function backupVerificationRoutes(resources: Resources): ArmRoute[] {
  const { control } = resources;
  const { database } = control.world;
  return [
    localRoute(
      resources,
      { method: 'GET', name: TYPE, operationId: 'BackupVerifications_List', permission: `${TYPE}/read` },
      (request, server) => {
        const found = listBackupVerifications(database, server.id).map((row) => ({
          id: `${serverResourceId(server)}/providers/${FLEXDECK_LOCAL}/${TYPE}/${row.id}`,
          name: row.id,
          type: `${FLEXDECK_LOCAL}/${TYPE}`,
          properties: armVerification(row),
        }));
        return { status: 200, body: page(request, found) };
      },
    ),
    localRoute(
      resources,
      { method: 'POST', name: 'verifyBackup', operationId: 'Backup_Verify', permission: 'verifyBackup/action' },
      (request, server) => {
        const { apiVersion } = request;
        requireRestorable(resources, server, { moment: null, geo: false });
        return accepted(request, beginVerifyBackup(control, { server, apiVersion, caller: callerOf(request, 'POST') }));
      },
    ),
    localRoute(
      resources,
      {
        method: 'GET',
        name: 'backupSettings',
        operationId: 'BackupSettings_Get',
        permission: 'backupSettings/read',
      },
      (_, server) => ({
        status: 200,
        body: { ...localShell(server, 'backupSettings'), properties: readBackupSettings(database, server.id) },
      }),
    ),
    localRoute(
      resources,
      {
        method: 'PATCH',
        name: 'backupSettings',
        operationId: 'BackupSettings_Update',
        permission: 'backupSettings/write',
      },
      (request, server) => {
        const { properties } = parseBody(SettingsPatch, request.body);
        const before = readBackupSettings(database, server.id);
        const given = Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
        const settings = { ...before, ...given };
        writeBackupSettings(database, server.id, settings);
        return { status: 200, body: { ...localShell(server, 'backupSettings'), properties: settings } };
      },
    ),
  ];
}

export function armVerification(row: BackupVerificationRow) {
  const { startedAt, endedAt, status, fullBackup, moment, tablesChecked, rowsChecked, problem } = row;
  return {
    startedAt: new Date(startedAt).toISOString(),
    endedAt: endedAt === null ? null : new Date(endedAt).toISOString(),
    status,
    fullBackup,
    restorePoint: momentTextOrNull(moment),
    tablesChecked,
    rowsChecked,
    durationSeconds: endedAt === null ? null : (endedAt - startedAt) / 1000,
    problem,
  };
}
