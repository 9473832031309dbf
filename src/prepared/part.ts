import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { PixelBlock } from 'reference-pixels/recipe';
import type { LabelledImage, Sha256 } from '../domain/domain.js';
import { messageOf } from '../domain/errors.js';
import { npyHeaderBytes } from '../domain/npy.js';
import { imagesHeader, rowBytes, type ImageArray } from './npy.js';
import type { PartIndex } from './part-index.js';

/** Bytes of pixels in a part at most. */
const PART_BYTES = 64 * 2 ** 20;

interface OpenPart {
  readonly name: string;
  readonly file: FileHandle;
  readonly array: Omit<ImageArray, 'rows'>;
  readonly images: PartIndex['images'];
  hash: ReturnType<typeof createHash>;
}

/**
 * Writes prepared images of one geometry in parts that no other process writes to. A part has its name only when it is
 * whole; what a killed process leaves is a `.partial` file that nobody reads.
 */
export class PartWriter {
  private part: OpenPart | null = null;
  private queue: Promise<void> = Promise.resolve();
  private ended = false;

  /** @param stopped told once why no more images are kept, e.g. that the disk is full: what is there stays usable */
  constructor(
    private readonly folder: string,
    private readonly stopped: (why: string) => void,
  ) {}

  /** Resolves when the image is written. The block must not change until then. */
  add(image: LabelledImage, sha256: Sha256, block: PixelBlock): Promise<void> {
    return this.enqueue(() => this.write(image, sha256, block));
  }

  /** Gives the last part its name. */
  finish(): Promise<void> {
    return this.enqueue(() => this.close());
  }

  private enqueue(step: () => Promise<void>): Promise<void> {
    this.queue = this.queue.then(step).catch(async (error: unknown) => {
      if (this.ended) return;
      this.ended = true;
      this.stopped(messageOf(error));
      await this.rescue();
    });
    return this.queue;
  }

  private async write({ id, label }: LabelledImage, sha256: Sha256, block: PixelBlock): Promise<void> {
    if (this.ended) return;
    const { height, width, data } = block;
    const dtype = data instanceof Uint8Array ? 'uint8' : 'float32';
    this.part ??= await this.begin({ height, width, dtype });
    const { array, file, images, hash } = this.part;
    if (array.height !== height || array.width !== width || array.dtype !== dtype)
      throw new Error(`images of varying size can't be kept: ${id} has ${width} x ${height}`);
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const { bytesWritten } = await file.write(bytes, 0, bytes.length, this.end(images.length));
    if (bytesWritten < bytes.length) throw new Error('the disk is full');
    hash.update(bytes);
    images.push([id, label, sha256, crc32(bytes)]);
    if (this.end(images.length + 1) > PART_BYTES) await this.close();
  }

  private end(rows: number): number {
    return npyHeaderBytes + rows * rowBytes(this.part!.array);
  }

  private async begin(array: OpenPart['array']): Promise<OpenPart> {
    await mkdir(this.folder, { recursive: true });
    const name = randomBytes(8).toString('hex');
    const file = await open(join(this.folder, `${name}.partial`), 'wx+');
    return { name, file, array, images: [], hash: createHash('sha256') };
  }

  private async close(): Promise<void> {
    if (this.part === null) return;
    const { name, file, array, images, hash } = this.part;
    if (images.length === 0) {
      await this.discard();
      return;
    }
    const index: PartIndex = { version: 1, ...array, sha256: hash.copy().digest('hex'), images };
    const path = join(this.folder, name);
    await file.truncate(this.end(images.length));
    await file.write(imagesHeader({ ...array, rows: images.length }), 0, npyHeaderBytes, 0);
    await file.datasync();
    await writeFile(`${path}.json.partial`, `${JSON.stringify(index)}\n`);
    await file.close();
    this.part = null;
    await rename(`${path}.partial`, `${path}.npy`);
    await rename(`${path}.json.partial`, `${path}.json`);
  }

  /** Keeps the rows that were written before. On a full disk some of them make room for the index of the others. */
  private async rescue(): Promise<void> {
    const rows = this.part?.images.length ?? 0;
    for (let gone = 0; gone <= rows; gone = 2 * gone + 1) {
      try {
        if (gone > 0) await this.shorten(rows - gone);
        await this.close();
        return;
      } catch {
        // Fewer may fit.
      }
    }
    await this.discard();
  }

  private async shorten(rows: number): Promise<void> {
    const part = this.part!;
    await part.file.truncate(this.end(rows));
    part.images.length = rows;
    part.hash = createHash('sha256');
    const row = Buffer.alloc(rowBytes(part.array));
    for (let at = 0; at < rows; at++) {
      await part.file.read(row, 0, row.length, this.end(at));
      part.hash.update(row);
    }
  }

  private async discard(): Promise<void> {
    if (this.part === null) return;
    const { name, file } = this.part;
    this.part = null;
    await file.close().catch(() => undefined);
    for (const ending of ['.partial', '.json.partial'])
      await rm(join(this.folder, name + ending), { force: true });
  }
}
