import { randomBytes } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StoreError, messageOf } from '../domain/errors.js';

/** The system's name for a fault, e.g. `ENOSPC`; undefined if it is none of the system's. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

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

/** What a user is told when `file` can't be written. Whatever it held before can still be read. */
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

/** Brings what was written to the disk itself; no fault where the file system has no such thing. */
export async function sync(file: FileHandle): Promise<void> {
  try {
    await file.datasync();
  } catch (error) {
    if (!unableToSync.has(systemCode(error))) throw error;
  }
}

/** Makes names that were created, renamed or removed in a folder outlive a power cut, where the system can. */
export async function syncFolder(folder: string): Promise<void> {
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
