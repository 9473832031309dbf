import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { StoreError } from '../domain/errors.js';
import { journalFile } from './journal.js';
import { readFinished, readRunning } from './run-state.js';

/** What this program writes into its folders names it in its first bytes; one of these is in each that is no run's. */
const marks = ['summary.json', 'check.json', 'sweep.json', 'diagnosis.json', 'explain.html', 'history.html'];
const programName = 'onnx-imagenet-eval';
const headBytes = 4096;

/**
 * Keeps what is not this program's: asked before anything is measured.
 *
 * @param files what would be written, as paths from the folder
 * @throws StoreError that names those that are there, where nothing in the folder shows that this program has written there
 */
export async function refuseForeignFiles(folder: string, files: readonly string[]): Promise<void> {
  const there = files.filter((file) => existsSync(join(folder, file)));
  if (there.length === 0 || (await isOwn(folder))) return;
  throw new StoreError({
    code: 'foreign-files',
    what: `${there.join(', ')} would be replaced, and no earlier run has left ${there.length === 1 ? 'it' : 'them'} there`,
    where: folder,
    remedy: `Give another --out, or move ${there.length === 1 ? 'the file' : 'the files'} elsewhere.`,
  });
}

async function isOwn(folder: string): Promise<boolean> {
  // A journal may be damaged: that is told, with what to do, where it is opened.
  if (existsSync(join(folder, journalFile))) return true;
  if ((await readRunning(folder)) !== null || (await readFinished(folder)) !== null) return true;
  for (const mark of marks) if ((await head(join(folder, mark))).includes(programName)) return true;
  return false;
}

/** Empty where the file can't be read. */
async function head(file: string): Promise<Buffer> {
  const handle = await open(file).catch(() => null);
  if (handle === null) return Buffer.alloc(0);
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(headBytes) });
    return buffer.subarray(0, bytesRead);
  } catch {
    return Buffer.alloc(0);
  } finally {
    await handle.close();
  }
}
