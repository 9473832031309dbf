import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { StoreError, messageOf, systemCode } from '../domain/errors.js';
import { isAlive } from '../domain/live-process.js';

const fullCodes: ReadonlySet<string | undefined> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const unableToSync: ReadonlySet<string | undefined> = new Set([
  'EINVAL',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EPERM',
  'EACCES',
  'EISDIR',
]);

/** The error for a `file` that can't be written. What was in it before can still be read. */
export function writeFault(file: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const code = systemCode(error);
  if (fullCodes.has(code))
    return new StoreError({
      code: 'disk-full',
      what: `the disk is full (${code ?? ''})`,
      where: file,
      remedy:
        'Free some space and give the same command again: it goes on from here; nothing that was written is lost.',
      cause: error,
    });
  return new StoreError({
    code: 'not-writable',
    what: `can't be written: ${messageOf(error)}`,
    where: file,
    remedy:
      code === 'EIO'
        ? 'The disk reports a fault. Once it is sound, give the same command again: it goes on from here.'
        : 'Give an --out folder that you may write to.',
    cause: error,
  });
}

/**
 * Makes a folder and those above it, as `mkdir -p`. Node's own `recursive` never ends where the system says of a folder
 * that is there that it isn't, as in /proc.
 * @throws whatever the system throws
 */
export async function makeFolder(path: string): Promise<void> {
  const absolute = resolve(path);
  try {
    await mkdir(absolute);
  } catch (error) {
    const found = await stat(absolute).catch(() => null);
    if (found?.isDirectory() === true) return;
    const above = dirname(absolute);
    if (systemCode(error) !== 'ENOENT' || above === absolute) throw error;
    // Others may make the same folders meanwhile.
    if ((await stat(above).catch(() => null)) === null) await makeFolder(above);
    await mkdir(absolute).catch(async (again: unknown) => {
      if ((await stat(absolute).catch(() => null))?.isDirectory() !== true) throw again;
    });
  }
}

/** Brings what was written to the disk itself; no fault where the file system has no such thing. */
export async function sync(file: FileHandle): Promise<void> {
  try {
    await file.datasync();
  } catch (error) {
    if (!unableToSync.has(systemCode(error))) throw error;
  }
}

/** Makes names that were created, renamed or removed in a folder outlive a power cut, where the system can. */
async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle;
  try {
    handle = await open(folder, 'r');
  } catch {
    return;
  }
  try {
    await sync(handle);
  } finally {
    await handle.close();
  }
}

/** How the temporary name of a file that is being written begins; such a leftover of a killed run is safe to remove. */
export const temporaryPrefix = '.tmp-';

/** A temporary file of a process that is gone is a leftover once it is this old: clocks and process ids of others differ. */
const LEFTOVER_MS = 10_000;

/** Removes what processes of this machine that were killed while they wrote have left in a folder and in those right in it. */
export async function removeLeftovers(folder: string, depth = 1): Promise<void> {
  const items = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const item of items) {
    const path = `${folder}/${item.name}`;
    if (item.isDirectory() && depth > 0) await removeLeftovers(path, depth - 1);
    const writer = writerOf(item.name);
    if (writer === null || !item.isFile() || isAlive(writer)) continue;
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }));
    if (Date.now() - mtimeMs > LEFTOVER_MS) await rm(path, { force: true });
  }
}

/** Id of the process that writes a temporary file of this name; null for any other file. */
function writerOf(name: string): number | null {
  const [, pid] =
    /^(\d+)-/.exec(name.startsWith(temporaryPrefix) ? name.slice(temporaryPrefix.length) : '') ?? [];
  return pid === undefined ? null : Number(pid);
}

/** Characters of many pieces of text that are joined before a write. */
const joined = 1 << 20;

async function writeAll(file: FileHandle, data: Uint8Array | Iterable<string>): Promise<void> {
  if (typeof data === 'string' || data instanceof Uint8Array) {
    await file.writeFile(data);
    return;
  }
  let pending = '';
  for (const piece of data) {
    pending += piece;
    if (pending.length < joined) continue;
    await file.writeFile(pending);
    pending = '';
  }
  await file.writeFile(pending);
}

/**
 * Writes a whole file so that, whatever happens, its name stands for the old contents or the new and nothing between.
 *
 * @param data text, also in pieces, as UTF-8
 * @throws whatever the system throws; the temporary file is removed
 */
export async function writeDurably(path: string, data: Uint8Array | Iterable<string>): Promise<void> {
  const folder = dirname(path);
  const temporary = `${folder}/${temporaryPrefix}${process.pid}-${randomBytes(6).toString('hex')}`;
  try {
    const handle = await open(temporary, 'wx', 0o666);
    try {
      await writeAll(handle, data);
      await sync(handle);
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(folder);
}
