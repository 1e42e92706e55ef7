import { rows, type Connection } from './client.ts';

/**
 * Rolls back every distributed transaction that was prepared and waits for its end. Only where nobody will ever ask for
 * that: each holds the tables that it changed, and nobody is there to end it.
 */
export async function rollBackPrepared(connection: Connection): Promise<void> {
  const prepared = await rows<{ formatID: number; gtrid_length: number; bqual_length: number; data: string }>(
    connection,
    'XA RECOVER CONVERT XID',
  );
  for (const { formatID, gtrid_length: length, data } of prepared) {
    const hex = data.replace(/^0x/i, '');
    const [global, branch] = [hex.slice(0, length * 2), hex.slice(length * 2)];
    await connection.query(`XA ROLLBACK X'${global}', X'${branch}', ${Number(formatID)}`);
  }
}
