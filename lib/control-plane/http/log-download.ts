import type { FastifyInstance } from 'fastify';
import { createReadStream } from 'node:fs';
import { ArmError } from '../../arm/error.ts';
import { DOWNLOAD_PATH, type DownloadLinks } from '../logs/download-links.ts';
import { findLogFile } from '../operations/server-logs.ts';
import type { World } from '../operations/world.ts';

/** Log files by the links of the log files' list, which need no token: the signature is for one file and for a while. */
export function logDownloadEndpoint(
  world: Pick<World, 'database' | 'paths'>,
  links: DownloadLinks,
): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    app.get(`${DOWNLOAD_PATH}/:serverId/:name`, async (request, reply) => {
      const { serverId, name } = request.params as { serverId: string; name: string };
      const verdict = links.check(serverId, name, request.query as Record<string, unknown>);
      if (verdict !== 'valid') throw refused(verdict);
      const file = await findLogFile(world, serverId, name);
      if (!file) throw new ArmError('ResourceNotFound', 404, `The log file '${name}' is not there any more.`);
      // What is written meanwhile is the next download's.
      return reply
        .headers({
          'content-type': 'text/plain; charset=utf-8',
          'content-length': String(file.sizeBytes),
          'content-disposition': `attachment; filename="${file.name}"`,
          'cache-control': 'no-store',
          'x-content-type-options': 'nosniff',
        })
        .send(createReadStream(file.path, { end: file.sizeBytes - 1 }));
    });
  };
}

function refused(verdict: 'expired' | 'invalid'): ArmError {
  return verdict === 'expired'
    ? new ArmError('AuthenticationFailed', 403, 'This link has expired. List the log files again for a new one.')
    : new ArmError('AuthenticationFailed', 403, 'This link is not one of the log files’ list, or was changed.');
}
