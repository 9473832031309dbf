import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { StoreError } from '../domain/errors.js';
import { systemCode, temporaryPrefix, writeFault } from './durable.js';
import { lifeOf, thisProcess } from './process-identity.js';

export interface LockTimes {
  /** How often the holder shows that it lives. */
  readonly beatMs: number;
  /** How long the lock of a process that can't be looked at (another machine, another container) must be still. */
  readonly stillMs: number;
}

const defaultTimes: LockTimes = { beatMs: 4_000, stillMs: 20_000 };

const shape = z.object({
  token: z.string(),
  pid: z.number(),
  host: z.string(),
  scope: z.string(),
  began: z.string().nullable(),
  since: z.string(),
});
type Holder = z.infer<typeof shape>;

/** Keeps a folder to one process at a time. The lock of a dead process is taken over. */
export class FolderLock {
  readonly #path: string;
  readonly #token: string;
  readonly #timer: NodeJS.Timeout;
  #lost = false;

  private constructor(path: string, token: string, times: LockTimes) {
    this.#path = path;
    this.#token = token;
    this.#timer = setInterval(() => void this.#beat(), times.beatMs).unref();
  }

  /**
   * @param folder exists
   * @throws StoreError naming the holder if the folder is in use
   */
  static async take(folder: string, times: LockTimes = defaultTimes): Promise<FolderLock> {
    const path = `${folder}/lock`;
    const token = randomUUID();
    const holder: Holder = { token, ...thisProcess(), since: new Date().toISOString() };
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (await create(path, JSON.stringify(holder))) return new FolderLock(path, token, times);
      const other = await inspect(path);
      if (other === null) continue;
      if (!(await isStale(path, other, times))) throw inUse(folder, other.holder);
      await removeStale(path, other.text);
    }
    throw inUse(folder, null);
  }

  /** Another process took the lock over, because this one did not show that it lives: it must not write any more. */
  get lost(): boolean {
    return this.#lost;
  }

  async release(): Promise<void> {
    clearInterval(this.#timer);
    if ((await inspect(this.#path))?.holder?.token === this.#token) await rm(this.#path, { force: true });
  }

  async #beat(): Promise<void> {
    try {
      const found = await inspect(this.#path);
      if (found?.holder?.token !== this.#token) this.#lost = true;
      else await utimes(this.#path, new Date(), new Date());
    } catch {
      // A file system that fails to answer now may answer at the next beat.
    }
  }
}

const ATTEMPTS = 20;

/** Creates the file with its contents in one step, or finds it there. */
async function create(path: string, text: string): Promise<boolean> {
  const temporary = path.replace(/[^/]*$/, `${temporaryPrefix}lock-${randomUUID()}`);
  try {
    await writeFile(temporary, text, { flag: 'wx' });
    await link(temporary, path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    if (!withoutLinks.has(systemCode(error))) throw writeFault(path, error);
  } finally {
    await rm(temporary, { force: true });
  }
  try {
    await writeFile(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    await rm(path, { force: true });
    throw writeFault(path, error);
  }
}

/** What file systems without hard links answer. */
const withoutLinks: ReadonlySet<string | undefined> = new Set([
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EMLINK',
]);

interface Found {
  readonly text: string;
  /** Null if the file does not hold what this program writes: its writer was killed before it had written. */
  readonly holder: Holder | null;
}

async function inspect(path: string): Promise<Found | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw writeFault(path, error);
  }
  try {
    return { text, holder: shape.safeParse(JSON.parse(text)).data ?? null };
  } catch {
    return { text, holder: null };
  }
}

async function isStale(path: string, { holder }: Found, times: LockTimes): Promise<boolean> {
  const life = holder === null ? 'unknown' : lifeOf(holder);
  return life === 'unknown' ? isStill(path, times) : life === 'dead';
}

/** Whether nobody touches the file while we watch. Clocks of two machines are not compared. */
async function isStill(path: string, { stillMs }: LockTimes): Promise<boolean> {
  const touched = async () => {
    try {
      return (await stat(path)).mtimeMs;
    } catch {
      return null;
    }
  };
  const first = await touched();
  const end = performance.now() + stillMs;
  while (performance.now() < end) {
    await pause(Math.min(500, stillMs / 4));
    if ((await touched()) !== first) return false;
  }
  return true;
}

/** Of several processes that find the same stale lock, only one gets to move it away. */
async function removeStale(path: string, text: string): Promise<void> {
  const aside = path.replace(/[^/]*$/, `${temporaryPrefix}lock-${randomUUID()}`);
  try {
    await rename(path, aside);
    const moved = await readFile(aside, 'utf8');
    // Somebody else replaced the stale lock before us, and we moved away theirs.
    if (moved !== text) await create(path, moved);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw writeFault(path, error);
  } finally {
    await rm(aside, { force: true });
  }
}

function inUse(folder: string, holder: Holder | null): StoreError {
  const who =
    holder === null ? 'another run' : `a run since ${holder.since} (process ${holder.pid} on ${holder.host})`;
  return new StoreError({
    code: 'folder-in-use',
    what: `${who} is writing into this folder`,
    where: folder,
    remedy: 'Wait until it has ended, or give another --out.',
  });
}
