import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { PixelBlock } from 'reference-pixels/recipe';
import { rowBytes } from './npy.js';

/** Where an image's pixels lie; plain data that crosses threads. */
export interface PreparedPlace {
  readonly file: string;
  readonly position: number;
  readonly height: number;
  readonly width: number;
  readonly dtype: 'uint8' | 'float32';
  readonly crc32: number;
}

/** Reads prepared pixels in one thread; files stay open, and buffers that come back are used again. */
export class PreparedReader {
  private readonly files = new Map<string, ReturnType<typeof open>>();
  private readonly inUse = new Set<ArrayBufferLike>();
  private readonly free: Uint8Array<ArrayBuffer>[] = [];

  /** @throws Error where the file can't be read or the pixels are not those that were written */
  async read({ file, position, height, width, dtype, crc32: expected }: PreparedPlace): Promise<PixelBlock> {
    let handle = this.files.get(file);
    if (handle === undefined) this.files.set(file, (handle = open(file)));
    const length = rowBytes({ height, width, dtype });
    const last = this.free.pop();
    const bytes = last?.length === length ? last : new Uint8Array(length);
    const { bytesRead } = await (await handle).read(bytes, 0, bytes.length, position);
    if (bytesRead < bytes.length) throw new Error(`${file} ends before byte ${position + bytes.length}`);
    if (crc32(bytes) !== expected) throw new Error(`${file} is damaged at byte ${position}`);
    this.inUse.add(bytes.buffer);
    return { height, width, data: dtype === 'uint8' ? bytes : new Float32Array(bytes.buffer) };
  }

  /** Takes back a block that nobody looks at any more, where `read` gave it. */
  release({ data: { buffer } }: PixelBlock): void {
    // What `read` gave is no shared memory.
    if (this.inUse.delete(buffer)) this.free.push(new Uint8Array(buffer as ArrayBuffer));
  }

  async close(): Promise<void> {
    for (const handle of this.files.values()) await (await handle.catch(() => null))?.close();
    this.files.clear();
  }
}
