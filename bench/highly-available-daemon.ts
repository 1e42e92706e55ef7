/** A highly available server of a real daemon, with a table for the checker's writers: what benches measure. */
import { destroyHome, makeHome, startDaemon, type TestDaemon } from '../lib/control-plane/testing/daemon.ts';
import { HighlyAvailableServer, PASSWORD } from '../lib/control-plane/testing/highly-available-server.ts';
import { connectTo, missingRows, prepareTable, type WriterReport } from '../lib/control-plane/testing/writers.ts';

export interface HighlyAvailableDaemon extends AsyncDisposable {
  daemon: TestDaemon;
  server: HighlyAvailableServer;
  /** The server's ARM id. */
  id: string;
  /** How many rows that were acknowledged are not there. */
  countLost(report: WriterReport): Promise<number>;
}

/** @throws {Error} when the server could not be made; nothing is left of it then. */
export async function startHighlyAvailable(name: string): Promise<HighlyAvailableDaemon> {
  const home = makeHome();
  const daemon = await startDaemon({ home });
  const server = new HighlyAvailableServer(home, name);
  const remove = async () => {
    await daemon.stop();
    await destroyHome(home);
  };
  const group = `/subscriptions/${daemon.ready.subscriptionId}/resourceGroups/bench`;
  const id = `${group}/providers/Microsoft.DBforMySQL/flexibleServers/${name}`;
  try {
    await daemon.arm('PUT', `${group}?api-version=2021-04-01`, { location: 'westeurope' });
    const made = await daemon.arm('PUT', id, {
      location: 'westeurope',
      sku: { name: 'Standard_D2ads_v5', tier: 'GeneralPurpose' },
      properties: {
        administratorLogin: 'owner',
        administratorLoginPassword: PASSWORD,
        highAvailability: { mode: 'ZoneRedundant' },
      },
    });
    const { status, error } = await daemon.ended(made);
    if (status !== 'Succeeded') throw new Error(`There is no server to measure: ${error?.message}`);
    const rule = { properties: { startIpAddress: '127.0.0.1', endIpAddress: '127.0.0.1' } };
    await daemon.ended(await daemon.arm('PUT', `${id}/firewallRules/here`, rule));
    await prepareTable(server.target);
  } catch (failure) {
    await remove();
    throw failure;
  }
  return {
    daemon,
    server,
    id,
    async countLost({ numbers }) {
      const connection = await connectTo(server.target);
      const missing = await missingRows(connection, numbers);
      await connection.end();
      return missing.length;
    },
    [Symbol.asyncDispose]: remove,
  };
}

/** A number from the command line: `--runs 10`. */
export function option(name: string, otherwise: number): number {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
}
