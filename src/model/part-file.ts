import { randomUUID } from 'node:crypto';
import { readdir, rename } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { isAlive } from '../domain/live-process.js';

/**
 * The file that one download writes to while it lasts. It bears its writer's name, so that two downloads of one file
 * never write into each other; what one leaves is taken up by the next.
 */
export class PartFile {
  private constructor(
    readonly path: string,
    private readonly left: string,
  ) {}

  /** Takes over what an earlier download of `target` has left, if there is any that nobody writes to. */
  static async claim(target: string): Promise<PartFile> {
    const left = `${target}.part`;
    const own = `${left}-${hostname()}-${process.pid}-${randomUUID()}`;
    const dead = (await readdir(dirname(target)).catch(() => []))
      .filter((name) => isAbandoned(name, `${basename(left)}-${hostname()}-`))
      .map((name) => join(dirname(target), name));
    // Renaming is the claim: of two that try, one finds nothing more.
    for (const candidate of [left, ...dead]) {
      const claimed = await rename(candidate, own).then(
        () => true,
        () => false,
      );
      if (claimed) break;
    }
    return new PartFile(own, left);
  }

  /** Leaves what has come so far for a later download; nothing where it was whole and got its name. */
  async leave(): Promise<void> {
    await rename(this.path, this.left).catch(() => undefined);
  }
}

/** Whether its name says that a process of this machine wrote it which is no more. */
function isAbandoned(name: string, prefix: string): boolean {
  if (!name.startsWith(prefix)) return false;
  const pid = Number(name.slice(prefix.length).split('-')[0]);
  return pid !== process.pid && !isAlive(pid);
}
