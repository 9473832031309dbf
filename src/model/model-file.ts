import { readAt } from '../dataset/encoded-file.js';
import { openFile } from '../dataset/open-file.js';
import { ModelError, messageOf } from '../domain/errors.js';
import { isLfsPointer } from './lfs-pointer.js';

/**
 * A model file's bytes, in memory that threads share; there is no second copy of them in this thread.
 * @throws ModelError `model-unreadable`, or `lfs-pointer` where the file only stands for the model
 */
export async function readModelFile(file: string, name: string): Promise<SharedArrayBuffer> {
  let shared: SharedArrayBuffer;
  try {
    shared = await readShared(file);
  } catch (cause) {
    throw new ModelError({
      code: 'model-unreadable',
      what: `the model can't be read: ${messageOf(cause)}`,
      where: `${name} (${file})`,
      remedy: 'Check the path; a relative one is looked for beside the config, then in the working folder.',
      cause,
    });
  }
  if (isLfsPointer(new Uint8Array(shared))) {
    throw new ModelError({
      code: 'lfs-pointer',
      what: 'the file is a Git LFS pointer, a few lines of text that stand for the model, not the model itself',
      where: `${name} (${file})`,
      remedy: 'Run `git lfs pull` in the repository that it came from, or `imagenet-eval fetch MANIFEST`.',
    });
  }
  return shared;
}

async function readShared(file: string): Promise<SharedArrayBuffer> {
  const handle = await openFile(file);
  try {
    const shared = new SharedArrayBuffer((await handle.stat()).size);
    const bytes = new Uint8Array(shared);
    const read = await readAt(handle.fd, 0, bytes);
    if (read < bytes.length) throw new Error(`it ends at ${read} of ${bytes.length} bytes`);
    return shared;
  } finally {
    await handle.close();
  }
}
