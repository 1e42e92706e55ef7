import type { spawn as nodeSpawn } from 'node:child_process';
import { ensureGateway, type GatewayClient } from '../gateway/client.ts';
import type { ApplyResult, GatewayTableInput } from '../gateway/protocol.ts';
import { GatewayGoneError } from '../gateway/wire.ts';

/** The daemon's one connection to its gateway, made again when it was lost; starts a gateway where none runs. */
export interface GatewayLink {
  client(): Promise<GatewayClient>;
  apply(table: GatewayTableInput): Promise<ApplyResult>;
  /** Leaves the gateway to run by itself. */
  disconnect(): void;
  /** Ends the gateway and with it every session. */
  stop(): Promise<void>;
}

/** @param onLost told when a gateway that was connected has gone. */
export function createGatewayLink(
  input: { socketPath: string; logFile: string; spawn: typeof nodeSpawn; node: string },
  onLost: () => void,
): GatewayLink {
  let connected: Promise<GatewayClient> | undefined;
  let leaving = false;

  function client(): Promise<GatewayClient> {
    connected ??= ensureGateway(input).then(
      (found) => {
        void found.closed.then(() => {
          connected = undefined;
          if (!leaving) onLost();
        });
        return found;
      },
      (failure) => {
        connected = undefined;
        throw failure;
      },
    );
    return connected;
  }

  return {
    client,
    async apply(table) {
      try {
        return await (await client()).applyTable(table);
      } catch (failure) {
        // It ended before it had answered: the next one is told the same.
        if (leaving || !(failure instanceof GatewayGoneError)) throw failure;
        return (await client()).applyTable(table);
      }
    },
    disconnect() {
      leaving = true;
      void connected?.then((found) => found.disconnect()).catch(() => {});
    },
    async stop() {
      leaving = true;
      await (await client()).stop();
    },
  };
}
