import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import { MYSQL_API_VERSION } from '../arm/api-versions.ts';
import { MYSQL_NAMESPACE } from '../arm/resource-id.ts';

// The last provider in a path is the one that answers: Microsoft.Authorization does for a server's permissions.
const MYSQL_PATH = new RegExp(`/providers/${MYSQL_NAMESPACE.replace('.', '\\.')}/(?!.*/providers/)`, 'i');

/**
 * One api-version for all of Microsoft.DBforMySQL: the SDK's own operations send three older ones. Status monitors keep
 * the version that their link came with.
 */
export const mysqlApiVersionPolicy: PipelinePolicy = {
  name: 'mysqlApiVersion',
  sendRequest(request, next) {
    const url = new URL(request.url);
    if (MYSQL_PATH.test(url.pathname) && !/operation(status|result)/i.test(url.pathname)) {
      url.searchParams.set('api-version', MYSQL_API_VERSION);
      request.url = url.href;
    }
    return next(request);
  },
};
