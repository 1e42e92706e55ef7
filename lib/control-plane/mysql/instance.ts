import { join } from 'node:path';

/** One mysqld and its data, whatever its role. Nothing in it was typed by a user, so it is safe in paths. */
export interface MysqlInstance {
  /** Immutable id; its folder and socket are named by it. */
  id: string;
  /** `server_id` of replication: unique in the home, 1 to 4294967295. */
  mysqlServerId: number;
  /** Absolute; holds data directory, option file, certificate, keyring and error log. */
  folder: string;
  /** Absolute and short, 0700: the socket lies in it, and a socket's path has 107 bytes at most. */
  runFolder: string;
}

/** Where each file of an instance lies. Absolute paths. */
export interface InstancePaths {
  dataDirectory: string;
  /** `my.cnf`, written at each start; `mysqld --defaults-file` reads nothing else. */
  optionFile: string;
  errorLog: string;
  slowLog: string;
  /** Outside the data directory, so that a copy of that is worth nothing without it. 0600. */
  keyringFile: string;
  certificate: string;
  certificateKey: string;
  /** Who the instance is to the server that it copies, as a standby. */
  replicationCertificate: string;
  replicationCertificateKey: string;
  /** A copy of the home's CA for `ssl_ca`, readable by mysqld's user. */
  certificateAuthority: string;
  /** mysqld's `tmpdir`. */
  temporaryFolder: string;
  socket: string;
  pidFile: string;
}

/** Names what lies where; touches nothing. */
export function instancePaths({ id, folder, runFolder }: MysqlInstance): InstancePaths {
  return {
    dataDirectory: join(folder, 'data'),
    optionFile: join(folder, 'my.cnf'),
    errorLog: join(folder, 'error.log'),
    slowLog: join(folder, 'slow.log'),
    keyringFile: join(folder, 'keyring'),
    certificate: join(folder, 'server.pem'),
    certificateKey: join(folder, 'server-key.pem'),
    replicationCertificate: join(folder, 'replication.pem'),
    replicationCertificateKey: join(folder, 'replication-key.pem'),
    certificateAuthority: join(folder, 'ca.pem'),
    temporaryFolder: join(folder, 'tmp'),
    socket: join(runFolder, `${id}.sock`),
    pidFile: join(folder, 'mysqld.pid'),
  };
}
