import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Recipe } from 'reference-pixels/recipe';
import type { HashedImage, ImageId, Sha256 } from '../domain/domain.js';
import { DatasetError, messageOf } from '../domain/errors.js';
import { geometryDigest, geometryOf, pixelMaker } from './geometry.js';
import { npyHeaderBytes } from '../domain/npy.js';
import { imagesHeader, rowBytes } from './npy.js';
import { partIndex, type PartIndex } from './part-index.js';
import type { PreparedPlace } from './reader.js';

/** Marks a folder of prepared images. */
const markFile = 'prepared.json';
const mark = { format: 'onnx-imagenet-eval prepared images', version: 1 };

interface Part {
  /** Path of the `.npy` file. */
  readonly file: string;
  readonly index: PartIndex;
}

/** Whether a folder holds prepared images. */
export function isPreparedFolder(folder: string): boolean {
  return existsSync(join(folder, markFile));
}

/** Where images of a recipe's geometry are kept in a folder of prepared images. */
export function geometryFolder(root: string, recipe: Recipe): string {
  return join(root, geometryDigest(recipe).slice(0, 16));
}

/** Makes a folder ready to be filled. @throws DatasetError where it can't be written, or holds other things */
export async function markPreparedFolder(root: string, recipe: Recipe): Promise<void> {
  const folder = geometryFolder(root, recipe);
  try {
    if (!isPreparedFolder(root) && existsSync(root) && (await readdir(root)).length > 0)
      throw new Error('it is not empty and holds no prepared images');
    await mkdir(folder, { recursive: true });
    await writeFile(join(root, markFile), `${JSON.stringify(mark)}\n`);
    const text = JSON.stringify({ geometry: geometryOf(recipe), madeBy: pixelMaker() }, null, 1);
    await writeFile(join(folder, 'geometry.txt'), `${text}\n`);
  } catch (cause) {
    throw new DatasetError({
      code: 'prepared-not-writable',
      what: `prepared images can't be kept here: ${messageOf(cause)}`,
      where: root,
      remedy: 'Name an empty or new folder that you may write to.',
      cause,
    });
  }
}

/** The prepared images of one geometry, as whole parts; parts that are damaged at sight are left out and told. */
export class PreparedImages {
  private readonly places = new Map<Sha256, { readonly part: Part; readonly row: number }>();
  private readonly dropped = new Set<string>();

  private constructor(private readonly parts: readonly Part[]) {
    for (const part of parts)
      part.index.images.forEach(([, , sha256], row) => {
        if (!this.places.has(sha256)) this.places.set(sha256, { part, row });
      });
  }

  /**
   * @param warn told of each part that can't be used
   * @param mend takes such a part out of the folder: its images are made again
   */
  static async open(folder: string, warn: (text: string) => void, mend: boolean): Promise<PreparedImages> {
    const names = await readdir(folder).catch(() => []);
    const parts: Part[] = [];
    for (const name of names.filter((one) => one.endsWith('.json')).sort()) {
      const file = join(folder, name.replace(/json$/, 'npy'));
      try {
        parts.push(await readPart(join(folder, name), file));
      } catch (error) {
        const fate = mend ? 'is made again' : 'is passed over';
        warn(`part ${file} of the prepared images is damaged and ${fate}: ${messageOf(error)}`);
        if (mend) await removePart(file);
      }
    }
    return new PreparedImages(parts);
  }

  /** Where the prepared pixels of an encoded file lie, by its SHA-256; null where there are none. */
  find(sha256: Sha256): PreparedPlace | null {
    const found = this.places.get(sha256);
    if (found === undefined || this.dropped.has(found.part.file)) return null;
    const { part, row } = found;
    const { height, width, dtype, images } = part.index;
    const position = npyHeaderBytes + row * rowBytes(part.index);
    return { file: part.file, position, height, width, dtype, crc32: images[row]![3] };
  }

  /** Every image once. */
  images(): HashedImage[] {
    return [...this.places.values()].map(({ part, row }) => {
      const [id, label, sha256] = part.index.images[row]!;
      return { id, label, sha256 };
    });
  }

  /** Takes a damaged part out of use, and out of the folder where it may be written. */
  async drop(file: string): Promise<void> {
    if (this.dropped.has(file)) return;
    this.dropped.add(file);
    await removePart(file);
  }

  /** Reads every part whole and compares its checksum. @returns the damaged files */
  async verify(onProgress: (bytes: number, total: number) => void, signal: AbortSignal): Promise<string[]> {
    const total = this.parts.reduce((sum, { index }) => sum + index.images.length * rowBytes(index), 0);
    let done = 0;
    const damaged: string[] = [];
    for (const { file, index } of this.parts) {
      const hash = createHash('sha256');
      const stream = createReadStream(file, { start: npyHeaderBytes, highWaterMark: 2 ** 20, signal });
      // A file stream without an encoding gives Buffers.
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        hash.update(chunk);
        done += chunk.length;
        onProgress(done, total);
      }
      if (hash.digest('hex') !== index.sha256) damaged.push(file);
    }
    return damaged;
  }
}

async function readPart(json: string, file: string): Promise<Part> {
  const index = partIndex.parse(JSON.parse(await readFile(json, 'utf8')));
  const header = imagesHeader({ ...index, rows: index.images.length });
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const wanted = npyHeaderBytes + index.images.length * rowBytes(index);
    if (size !== wanted) throw new Error(`it has ${size} bytes where its index states ${wanted}`);
    const { buffer } = await handle.read(Buffer.alloc(npyHeaderBytes), 0, npyHeaderBytes, 0);
    if (!buffer.equals(header)) throw new Error('its header is not that of its index');
  } finally {
    await handle.close();
  }
  return { file, index };
}

async function removePart(file: string): Promise<void> {
  for (const path of [file.replace(/npy$/, 'json'), file])
    await rm(path, { force: true }).catch(() => undefined);
}

/** What another process left unfinished an hour ago or longer. */
const ABANDONED_MS = 3_600_000;

/** Removes what killed processes left. */
export async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.endsWith('.partial')) continue;
    const path = join(folder, name);
    const info = await stat(path).catch(() => null);
    if (info !== null && Date.now() - info.mtimeMs > ABANDONED_MS)
      await rm(path, { force: true }).catch(() => undefined);
  }
}

/** What reading a folder of prepared images whole has found. */
export interface FolderCheck {
  readonly images: number;
  /** What is wrong with each damaged part. */
  readonly damaged: readonly string[];
}

/** Reads all parts of a folder whole and compares their checksums. */
export async function verifyPreparedFolder(
  root: string,
  onProgress: (bytes: number, total: number) => void,
  signal: AbortSignal,
): Promise<FolderCheck> {
  const damaged: string[] = [];
  let images = 0;
  for (const entry of await readdir(root, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const known = await PreparedImages.open(join(root, entry.name), (text) => damaged.push(text), false);
    images += known.images().length;
    for (const file of await known.verify(onProgress, signal))
      damaged.push(`${file}: its bytes are not those that were written`);
  }
  return { images, damaged };
}

/** Images of all geometries of a folder, by id. */
export async function imagesOfFolder(root: string, warn: (text: string) => void): Promise<HashedImage[]> {
  const byId = new Map<ImageId, HashedImage>();
  for (const entry of await readdir(root, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const images = await PreparedImages.open(join(root, entry.name), warn, false);
    for (const image of images.images()) byId.set(image.id, image);
  }
  return [...byId.values()];
}
