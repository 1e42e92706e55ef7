import { errorPacket } from './packets.ts';

/** Azure's own number for a client that no firewall rule allows. It is not one of MySQL's. */
const ER_CLIENT_NOT_ALLOWED = 9000;
const ER_CON_COUNT_ERROR = 1040;
const ER_SERVER_SHUTDOWN = 1053;
const CR_CONN_HOST_ERROR = 2003;
const ER_SECURE_TRANSPORT_REQUIRED = 3159;

/** In place of mysqld's greeting, in Azure's words. */
export function notAllowed(clientAddress: string): Buffer {
  return errorPacket(
    0,
    ER_CLIENT_NOT_ALLOWED,
    `Client with IP address '${clientAddress}' is not allowed to connect to this MySQL server.`,
  );
}

/** In place of the greeting of a server that does not run. */
export function serverClosed(reason = 'This server is stopped. Start it, then connect again.'): Buffer {
  return errorPacket(0, ER_SERVER_SHUTDOWN, reason);
}

/** In place of the greeting of a server that has no connection left, in mysqld's words. */
export function tooManyConnections(): Buffer {
  return errorPacket(0, ER_CON_COUNT_ERROR, 'Too many connections');
}

/** In place of the greeting of a server that should run and does not answer. */
export function backendUnreachable(): Buffer {
  return errorPacket(
    0,
    CR_CONN_HOST_ERROR,
    'This server is not answering at the moment. It may be starting again: connect again shortly.',
  );
}

/** In answer to the client's first packet, in mysqld's words. */
export function secureTransportRequired(clientSequence: number): Buffer {
  return errorPacket(
    clientSequence + 1,
    ER_SECURE_TRANSPORT_REQUIRED,
    'Connections using insecure transport are prohibited while --require_secure_transport=ON.',
    'HY000',
  );
}
