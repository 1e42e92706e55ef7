import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { closeServer, listenOn } from './free-port.ts';

const NETWORK = '127.83';
/** 127.83.255.x is nobody's: its last address is where homes take turns. */
const BLOCKS = 255;
const TURN_ADDRESS = `${NETWORK}.255.254`;
const TURN_PORT = 24_999;
const TURN_TIMEOUT_MS = 10_000;

/**
 * Claims a /24 of 127.83.0.0/16 for a home, so that several homes run side by side on one machine. A claim is a file that
 * names the home and holds for as long as that home is there: its gateway and servers may run without a daemon.
 *
 * @param kept the block that the home had before; it is kept unless another home has it by now.
 * @param registry a folder that all homes of the machine share.
 * @returns `127.83.x`
 * @throws {Error} when all blocks are taken.
 */
export async function claimAddressBlock(
  home: string,
  kept: string | undefined,
  registry = '/tmp/flexdeck-addresses',
): Promise<string> {
  const turn = await takeTurn();
  try {
    mkdirSync(registry, { recursive: true });
    if (statSync(registry).uid === process.getuid?.()) chmodSync(registry, 0o1777);
    const preferred = kept
      ? Number(kept.split('.')[2])
      : createHash('sha256').update(home).digest().readUInt16BE() % BLOCKS;
    for (let step = 0; step < BLOCKS; step++) {
      const block = (preferred + step) % BLOCKS;
      if (claim(join(registry, String(block)), home)) return `${NETWORK}.${block}`;
    }
  } finally {
    await closeServer(turn);
  }
  throw new Error(`All address blocks of ${NETWORK}.0.0/16 are taken. Remove homes that are not used any more.`);
}

/** The kernel lets one process at a time listen, and ends its turn if it dies. */
async function takeTurn() {
  for (const end = Date.now() + TURN_TIMEOUT_MS; ;) {
    const server = await listenOn(TURN_ADDRESS, TURN_PORT);
    if (!(server instanceof Error)) return server;
    if (server.code !== 'EADDRINUSE' || Date.now() >= end) throw server;
    await delay(20);
  }
}

function claim(file: string, home: string): boolean {
  const owner = read(file);
  if (owner === home) return true;
  if (owner !== undefined && isThere(join(owner, 'home.json'))) return false;
  try {
    rmSync(file, { force: true });
    writeFileSync(file, home, { flag: 'wx', mode: 0o644 });
    return true;
  } catch (failure) {
    // Somebody else's old claim, which only they may remove.
    if (['EACCES', 'EPERM', 'EEXIST'].includes((failure as NodeJS.ErrnoException).code ?? '')) return false;
    throw failure;
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw failure;
  }
}

/** What may not be looked at counts as there. */
function isThere(file: string): boolean {
  try {
    statSync(file);
    return true;
  } catch (failure) {
    return !['ENOENT', 'ENOTDIR'].includes((failure as NodeJS.ErrnoException).code ?? '');
  }
}
