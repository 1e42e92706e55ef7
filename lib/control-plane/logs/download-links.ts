import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../clock.ts';

/** Where links lead on ARM's own origin. */
export const DOWNLOAD_PATH = '/serverlogs';
/** How long a link works: as long as anybody takes to begin a download. */
const LIVES_MS = 60 * 60_000;

/** Links that lead to one file each without a token, as Azure's shared access signatures do. */
export interface DownloadLinks {
  /** @returns path and query. */
  make(serverId: string, name: string): string;
  /** Whether the query of a link to this file is one that {@link make} gave, and still works. */
  check(serverId: string, name: string, query: Readonly<Record<string, unknown>>): 'valid' | 'expired' | 'invalid';
}

/** @param key 32 random bytes of this daemon's life: a restart ends all links. */
export function createDownloadLinks(key: Buffer, clock: Clock): DownloadLinks {
  const sign = (serverId: string, name: string, expires: string) =>
    createHmac('sha256', key).update(['r', serverId, name, expires].join('\n')).digest('base64url');
  return {
    make(serverId, name) {
      const expires = `${new Date(clock.now() + LIVES_MS).toISOString().slice(0, 19)}Z`;
      const query = new URLSearchParams({ sp: 'r', sr: 'f', se: expires, sig: sign(serverId, name, expires) });
      return `${DOWNLOAD_PATH}/${encodeURIComponent(serverId)}/${encodeURIComponent(name)}?${query}`;
    },
    check(serverId, name, { se, sig }) {
      if (typeof se !== 'string' || typeof sig !== 'string') return 'invalid';
      const right = Buffer.from(sign(serverId, name, se));
      const given = Buffer.from(sig);
      if (given.length !== right.length || !timingSafeEqual(given, right)) return 'invalid';
      return Date.parse(se) > clock.now() ? 'valid' : 'expired';
    },
  };
}
