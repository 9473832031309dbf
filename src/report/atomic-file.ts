import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

import { writeFault } from '../store/durable.js';

/** Characters that are joined before a write. */
const CHUNK = 1 << 20;

/**
 * Writes a file so that its name never stands for half of it: to a temporary name beside it, synced, then renamed;
 * UTF-8. Folders are made where missing.
 * @throws StoreError if it can't be written, e.g. on a full disk
 */
export async function writeAtomically(path: string, content: Iterable<string>): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(temporary, 'w');
    try {
      let pending = '';
      for (const piece of content) {
        pending += piece;
        if (pending.length < CHUNK) continue;
        await file.writeFile(pending);
        pending = '';
      }
      await file.writeFile(pending);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw writeFault(path, error);
  }
  await syncFolder(folder);
}

/** A rename is on disk once its folder is; some systems can't open a folder for that. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
