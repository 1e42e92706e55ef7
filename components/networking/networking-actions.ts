import type { BeginAction } from '@/components/servers/use-server-change';
import type { ServerKey } from '@/lib/arm/resource-id';
import type { NamedAddressRange } from '@/lib/rules/address-ranges';

/** The server actions of Networking. */
export interface NetworkingActions {
  putRule: BeginAction<[ServerKey, NamedAddressRange]>;
  removeRule: BeginAction<[ServerKey, name: string]>;
}
