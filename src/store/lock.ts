import { readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { StoreError, systemCode } from '../domain/errors.js';
import { writeFault } from './durable.js';
import { lifeOf, processIdentity, thisProcess, type ProcessIdentity } from './process-identity.js';

/** Keeps a folder to one process at a time: a file that names its process, host and boot. */
export class FolderLock {
  private constructor(
    private readonly path: string,
    private readonly text: string,
  ) {}

  /**
   * The lock of a process that has ended is taken over; another host's can't be judged and is refused.
   *
   * @param folder exists
   * @throws StoreError naming the holder if the folder is in use
   */
  static async take(folder: string): Promise<FolderLock> {
    const text = JSON.stringify(thisProcess());
    const path = `${folder}/lock`;
    await acquire(folder, path, text);
    return new FolderLock(path, text);
  }

  async release(): Promise<void> {
    if ((await read(this.path)) === this.text) await rm(this.path, { force: true });
  }
}

const ATTEMPTS = 100;
const PAUSE_MS = 20;

async function acquire(folder: string, path: string, text: string): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (await create(path, text)) return;
    const found = await read(path);
    if (found === null) continue;
    const holder = holderIn(found);
    const life = holder === null ? 'unwritten' : lifeOf(holder);
    if (life === 'alive' || life === 'elsewhere') throw inUse(folder, path, holder);
    // Half a file is being written now, or its writer was killed at that.
    if (life === 'dead' || attempt > ATTEMPTS / 2) await removeLeft(folder, path, found, text);
    else await pause(PAUSE_MS);
  }
  throw inUse(folder, path, null);
}

/** Of several that find the lock of a dead process, one at a time looks again and removes it. */
async function removeLeft(folder: string, path: string, left: string, text: string): Promise<void> {
  const judging = `${path}.judging`;
  try {
    await acquire(folder, judging, text);
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'folder-in-use') throw error;
    await pause(PAUSE_MS);
    return;
  }
  try {
    if ((await read(path)) === left) await rm(path, { force: true });
  } finally {
    await rm(judging, { force: true });
  }
}

/** Whether the file was made; false where there is one already. */
async function create(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    await rm(path, { force: true });
    throw writeFault(path, error);
  }
}

/** null where there is no such file. */
async function read(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw writeFault(path, error);
  }
}

function holderIn(text: string): ProcessIdentity | null {
  try {
    return processIdentity.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

function inUse(folder: string, lock: string, holder: ProcessIdentity | null): StoreError {
  const who = holder === null ? 'another run' : `process ${holder.pid} on ${holder.host}`;
  const ended =
    holder !== null && lifeOf(holder) === 'elsewhere'
      ? ` If it has ended there, which can't be seen from here, remove ${lock}.`
      : '';
  return new StoreError({
    code: 'folder-in-use',
    what: `${who} is writing into this folder`,
    where: folder,
    remedy: `Wait until it has ended, or give another --out.${ended}`,
  });
}
