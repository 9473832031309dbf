import { dirname } from 'node:path';

import { makeFolder, writeDurably, writeFault } from '../store/durable.js';

/**
 * Writes a file so that its name never stands for half of it; text is UTF-8. Folders are made where missing.
 * @throws StoreError if it can't be written, e.g. on a full disk
 */
export async function writeAtomically(path: string, content: Iterable<string> | Uint8Array): Promise<void> {
  try {
    await makeFolder(dirname(path));
    await writeDurably(path, content);
  } catch (error) {
    throw writeFault(path, error);
  }
}
