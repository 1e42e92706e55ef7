import type { BeginAction } from '@/components/servers/use-server-change';
import type { ConfigurationForUpdate } from '@/lib/arm/mysql/configuration';
import type { ServerKey } from '@/lib/arm/resource-id';

export interface ParameterActions {
  update: BeginAction<[ServerKey, ConfigurationForUpdate[]]>;
  restart: BeginAction<[ServerKey]>;
}
