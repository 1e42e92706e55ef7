/** A disk of a few megabytes that a folder lies on, for tests that fill it. Needs root, as mounts do. */
import { execFileSync } from 'node:child_process';
import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  rmdirSync,
  rmSync,
  statfsSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MIB = 1024 ** 2;

export class SmallDisk implements AsyncDisposable {
  readonly #folder: string;
  readonly #mount: string;

  private constructor(folder: string, mount: string) {
    this.#folder = folder;
    this.#mount = mount;
  }

  static isPossible(): boolean {
    const mount = mkdtempSync(join(tmpdir(), 'fd-disk-'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', mount], { stdio: 'ignore' });
      execFileSync('umount', [mount]);
      return true;
    } catch {
      return false;
    } finally {
      rmdirSync(mount);
    }
  }

  /** Moves a folder that nobody uses to a disk with so much room left. A link takes its place. */
  static async around(folder: string, roomMebibytes: number): Promise<SmallDisk> {
    const used = Number(
      execFileSync('du', ['--summarize', '--block-size=1M', folder], { encoding: 'utf8' }).split('\t')[0],
    );
    const mount = mkdtempSync(join(tmpdir(), 'fd-disk-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${used + roomMebibytes}m,mode=755`, 'tmpfs', mount]);
    const disk = new SmallDisk(folder, mount);
    const inside = join(mount, 'folder');
    execFileSync('cp', ['-a', '--sparse=always', folder, inside]);
    rmSync(folder, { recursive: true });
    symlinkSync(inside, folder);
    return disk;
  }

  /** Leaves no byte. */
  fill(): void {
    for (let part = 0; statfsSync(this.#mount).bavail > 0; part++) {
      try {
        writeFileSync(join(this.#mount, `filler.${part}`), Buffer.alloc(64 * MIB));
      } catch (failure) {
        if ((failure as NodeJS.ErrnoException).code !== 'ENOSPC') throw failure;
      }
    }
  }

  empty(): void {
    for (const name of readdirSync(this.#mount)) if (name.startsWith('filler')) rmSync(join(this.#mount, name));
  }

  /** To where it was, if it is still here. Nobody may use it. */
  async moveBack(): Promise<void> {
    const inside = join(this.#mount, 'folder');
    if (!lstatSync(this.#folder).isSymbolicLink()) return;
    rmSync(this.#folder);
    execFileSync('cp', ['-a', '--sparse=always', inside, this.#folder]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    execFileSync('umount', ['--lazy', this.#mount]);
    rmdirSync(this.#mount);
  }
}
