import { closeSync, fstatSync, open, read } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ImageId } from '../domain/domain.js';
import { ImageError, messageOf } from '../domain/errors.js';

/** Where an image's encoded file lies: plain data, for the threads of a process share its open files. */
export interface EncodedPlace {
  readonly id: ImageId;
  /** Size when the source was listed. */
  readonly bytes: number;
  /** The folder that holds it under its id, or the archive. */
  readonly path: string;
  /** In an archive: its file descriptor, and the offset of the file's bytes. */
  readonly archive: { readonly descriptor: number; readonly position: number } | null;
}

const opened = promisify(open);
const part = promisify(read);

/** The whole encoded file, in a buffer of its own. @throws ImageError where it can't be read as it was listed */
export async function readEncoded({ id, bytes, path, archive }: EncodedPlace): Promise<Uint8Array> {
  const from = archive === null ? '' : ` from ${path}`;
  const file =
    archive === null
      ? readWhole(join(path, id), bytes)
      : readPart(archive.descriptor, archive.position, bytes);
  const content = await file.catch((cause: unknown) => {
    throw new ImageError({
      code: 'image-unreadable',
      what: `can't be read${from}: ${messageOf(cause)}`,
      where: id,
      remedy: null,
      cause,
    });
  });
  if (content instanceof Uint8Array) return content;
  throw new ImageError(
    archive === null
      ? {
          code: 'image-changed',
          what: `has ${content} bytes where it had ${bytes} when the folder was listed`,
          where: id,
          remedy: 'Start again when nothing writes to the folder.',
        }
      : {
          code: 'archive-changed',
          what: `only ${content} of ${bytes} bytes are left; ${path} has become shorter since it was opened`,
          where: id,
          remedy: 'Start again when nothing writes to the archive.',
        },
  );
}

/**
 * A file that is to have `bytes` bytes; how many it has where those are others. Two calls for the thread pool: a call
 * costs more than what it does here, and `readFile` makes four.
 */
async function readWhole(path: string, bytes: number): Promise<Uint8Array | number> {
  const descriptor = await opened(path, 'r');
  try {
    const { size } = fstatSync(descriptor);
    return size === bytes ? await readPart(descriptor, 0, bytes) : size;
  } finally {
    closeSync(descriptor);
  }
}

/** `length` bytes of an open file; how many there are where it ends before. */
async function readPart(descriptor: number, position: number, length: number): Promise<Uint8Array | number> {
  const target = Buffer.allocUnsafeSlow(length);
  const filled = await readAt(descriptor, position, target);
  return filled < length ? filled : target;
}

/** Fills `target` with the bytes of a file from `position` on; returns how many there were: fewer only at its end. */
export async function readAt(descriptor: number, position: number, target: Uint8Array): Promise<number> {
  let filled = 0;
  while (filled < target.length) {
    const { bytesRead } = await part(descriptor, target, filled, target.length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}
