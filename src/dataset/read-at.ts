import type { FileHandle } from 'node:fs/promises';

/** Fills `target` with the bytes of a file from `position` on; returns how many there were: fewer only at its end. */
export async function readAt(file: FileHandle, position: number, target: Uint8Array): Promise<number> {
  let filled = 0;
  while (filled < target.length) {
    const { bytesRead } = await file.read(target, filled, target.length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}
