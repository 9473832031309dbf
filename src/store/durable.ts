import { hash, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
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

/** Part of a temporary name: which machine's process writes it. */
const host = hash('sha256', hostname(), 'hex').slice(0, 8);

/** A temporary file of another machine's process is a leftover once it is this old: whether that lives can't be seen. */
const LEFTOVER_MS = 10_000;

/** Removes what processes that were killed while they wrote have left in a folder and in those right in it. */
export async function removeLeftovers(folder: string, depth = 1): Promise<void> {
  const items = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const item of items) {
    const path = `${folder}/${item.name}`;
    if (item.isDirectory() && depth > 0) await removeLeftovers(path, depth - 1);
    const writer = writerOf(item.name);
    if (writer === null || !item.isFile() || isAlive(writer.pid)) continue;
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }));
    if (writer.isHere || Date.now() - mtimeMs > LEFTOVER_MS) await rm(path, { force: true });
  }
}

/** The process that writes a temporary file of this name, and whether it is this machine's; null for any other file. */
function writerOf(name: string): { readonly pid: number; readonly isHere: boolean } | null {
  const [, pid, where] =
    /^(\d+)-([^-]+)/.exec(name.startsWith(temporaryPrefix) ? name.slice(temporaryPrefix.length) : '') ?? [];
  return pid === undefined ? null : { pid: Number(pid), isHere: where === host };
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
  const temporary = `${folder}/${temporaryPrefix}${process.pid}-${host}-${randomBytes(6).toString('hex')}`;
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
