import type { Socket } from 'node:net';
import { ruleFor } from '../rules/address-ranges.ts';
import type { ConnectionReport, Hop, HopId } from '../rules/connection-report.ts';
import { parseIpv4 } from '../rules/names.ts';
import { actionProblem } from '../rules/server-actions.ts';
import type { Patient } from './patient.ts';
import { openPort, openTls, readGreeting, resolveName, type TlsFacts } from './reach.ts';
import { signInHops } from './sign-in-hops.ts';

const TIMEOUT_MS = 5000;
/** The number of Azure's refusal of an address that no rule allows. */
const NOT_ALLOWED = 9000;
const ORDER: HopId[] = ['server', 'name', 'port', 'firewall', 'answer', 'tls', 'signIn', 'database'];

/**
 * Connects as a client does, from this machine, and says at which hop it ends. Each hop needs the one before it; those
 * that are not reached are `skipped`.
 */
export async function examine(patient: Patient, timeoutMs = TIMEOUT_MS): Promise<ConnectionReport> {
  const hops: Hop[] = [];
  for await (const hop of walk(patient, timeoutMs)) {
    hops.push(hop);
    if (hop.status === 'failed') break;
  }
  const skipped = ORDER.filter((id) => !hops.some((hop) => hop.id === id)).map((id): Hop => ({
    id,
    status: 'skipped',
    detail: 'Not tried: a step before it failed.',
  }));
  return { host: patient.host, port: patient.port, hops: [...hops, ...skipped] };
}

async function* walk(patient: Patient, timeoutMs: number): AsyncGenerator<Hop> {
  const { host, port } = patient;
  yield serverHop(patient);

  const name = await timed(() => resolveName(host));
  if ('failure' in name) {
    yield { id: 'name', status: 'failed', detail: nameFailure(host, name.failure) };
    return;
  }
  const [address = host] = name.value;
  const resolved =
    address === host ? `${host} is an address: nothing to look up.` : `${host} is ${name.value.join(', ')}.`;
  yield { id: 'name', status: 'passed', detail: resolved, milliseconds: name.milliseconds };

  const opened = await timed(() => openPort(address, port, timeoutMs));
  if ('failure' in opened) {
    yield { id: 'port', status: 'failed', detail: portFailure(address, port, opened.failure) };
    return;
  }
  const socket = opened.value;
  try {
    const detail = `Port ${port} takes connections.`;
    yield { id: 'port', status: 'passed', detail, milliseconds: opened.milliseconds };
    yield* talk(patient, socket, address, timeoutMs);
  } finally {
    socket.destroy();
  }
}

async function* talk(patient: Patient, socket: Socket, address: string, timeoutMs: number): AsyncGenerator<Hop> {
  const greeting = await timed(() => readGreeting(socket, timeoutMs));
  if ('failure' in greeting) {
    const detail = `The port is open, but no MySQL answers: ${greeting.failure.message}`;
    yield { id: 'firewall', status: 'passed', detail: 'The connection was not refused.' };
    yield { id: 'answer', status: 'failed', detail };
    return;
  }
  const packet = greeting.value;
  yield firewallHop(patient, packet.kind === 'error' && packet.errno === NOT_ALLOWED ? packet.message : undefined);
  if (packet.kind !== 'greeting') {
    const detail = packet.kind === 'error' ? packet.message : 'Something answers at this port, but it is not MySQL.';
    yield { id: 'answer', status: 'failed', detail };
    return;
  }
  const { milliseconds } = greeting;
  yield { id: 'answer', status: 'passed', detail: `MySQL ${packet.serverVersion} answers.`, milliseconds };

  if (!packet.offersTls) {
    yield { id: 'tls', status: 'failed', detail: 'The server offers no TLS.' };
    return;
  }
  const secured = await timed(() => openTls(socket, { host: patient.host, ca: patient.ca, timeoutMs }));
  if ('failure' in secured) {
    yield {
      id: 'tls',
      status: 'failed',
      detail: `TLS 1.2 or later could not be agreed on: ${secured.failure.message}`,
    };
    return;
  }
  yield { ...tlsHop(secured.value), milliseconds: secured.milliseconds };
  yield* signInHops(patient, { address, certificateName: secured.value.certificateName, timeoutMs });
}

function serverHop({ state }: Patient): Hop {
  const problem = actionProblem('connect', state);
  if (!problem) return { id: 'server', status: 'passed', detail: `The server is ${state}.` };
  const canStart = actionProblem('start', state) === undefined;
  return { id: 'server', status: 'failed', detail: problem, ...(canStart && { fix: { kind: 'startServer' } }) };
}

function nameFailure(host: string, failure: Error): string {
  const isUnknown = (failure as NodeJS.ErrnoException).code === 'ENOTFOUND';
  return isUnknown
    ? `No DNS server knows ${host}. A new server’s name can take a few minutes to spread.`
    : `${host} could not be looked up: ${failure.message}`;
}

function portFailure(address: string, port: number, failure: Error): string {
  switch ((failure as NodeJS.ErrnoException).code) {
    case 'ECONNREFUSED':
      return `Nothing listens at ${address}:${port}. The server may just be starting.`;
    case 'ETIMEDOUT':
      return `${address}:${port} does not answer. A firewall on the way, often that of an office or a VPN, may drop port ${port}.`;
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `There is no route to ${address} from the portal’s machine.`;
    default:
      return `${address}:${port} could not be connected to: ${failure.message}`;
  }
}

/** The portal's machine by what the server said; the person's own, which may be another, by the rules. */
function firewallHop({ rules, clientAddress }: Patient, refusal: string | undefined): Hop {
  if (refusal !== undefined) {
    const address = /'([\d.]+)'/.exec(refusal)?.[1];
    const known = address !== undefined && parseIpv4(address) !== undefined;
    return {
      id: 'firewall',
      status: 'failed',
      detail: refusal,
      ...(known && { fix: { kind: 'addAddress', address } }),
    };
  }
  if (rules === undefined) {
    return { id: 'firewall', status: 'warned', detail: 'The portal’s machine gets through. The rules can’t be read.' };
  }
  if (clientAddress === null) {
    return { id: 'firewall', status: 'warned', detail: 'The portal’s machine gets through. Your address is not IPv4.' };
  }
  const rule = ruleFor(clientAddress, rules);
  if (rule)
    return { id: 'firewall', status: 'passed', detail: `Your address ${clientAddress} is allowed by “${rule.name}”.` };
  return {
    id: 'firewall',
    status: 'failed',
    detail: `No rule allows your address ${clientAddress}; the portal’s machine does get through.`,
    fix: { kind: 'addAddress', address: clientAddress },
  };
}

function tlsHop({ protocol, cipher, problem, certificate }: TlsFacts): Hop {
  const names = certificate.subjectaltname?.replaceAll(/(DNS|IP Address):/g, '') ?? 'no name';
  if (problem?.kind === 'authority') {
    const detail = `The certificate (${names}) is not signed by the authority that it should be: ${problem.message}.`;
    return { id: 'tls', status: 'failed', detail };
  }
  if (problem) return { id: 'tls', status: 'failed', detail: `The certificate is for another server: ${names}.` };
  const until = new Date(certificate.valid_to).toISOString().slice(0, 10);
  const detail = `${protocol.replace('v', ' ')}, ${cipher}. The certificate names ${names} and is valid until ${until}.`;
  return { id: 'tls', status: 'passed', detail };
}

async function timed<Value>(
  run: () => Promise<Value>,
): Promise<{ value: Value; milliseconds: number } | { failure: Error }> {
  const from = performance.now();
  try {
    return { value: await run(), milliseconds: Math.round((performance.now() - from) * 10) / 10 };
  } catch (failure) {
    return { failure: failure instanceof Error ? failure : new Error(String(failure)) };
  }
}
