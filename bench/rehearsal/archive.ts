import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pack, type Pack } from 'tar-stream';
import { imagesOf } from '../run/images.js';

/** Name of the n-th image of the real archive, from 1. */
export function validationName(number: number): string {
  return `ILSVRC2012_val_${String(number).padStart(8, '0')}.JPEG`;
}

/**
 * A JPEG with `text` as a comment behind its first marker: other bytes, so another SHA-256, and the same pixels.
 * @throws RangeError where the file is no JPEG
 */
export function withComment(jpeg: Uint8Array, text: string): Buffer {
  if (jpeg[0] !== 0xff || jpeg[1] !== 0xd8) throw new RangeError('expected a JPEG file');
  const comment = Buffer.from(text, 'latin1');
  const head = Buffer.from([0xff, 0xd8, 0xff, 0xfe, (comment.length + 2) >> 8, (comment.length + 2) & 255]);
  return Buffer.concat([head, comment, jpeg.subarray(2)]);
}

/**
 * Packs images of a folder into an archive laid out as ILSVRC2012_img_val.tar is; entry i holds image `sources[i]`
 * of the folder, and no two entries have the same bytes.
 */
export async function packArchive(
  folder: string,
  sources: readonly number[],
  archive: string,
): Promise<void> {
  const files = imagesOf(folder).map((name) => readFileSync(join(folder, name)));
  const tar = pack();
  const written = pipeline(tar, createWriteStream(archive, { highWaterMark: 2 ** 22 }));
  for (const [i, source] of sources.entries()) {
    const name = validationName(i + 1);
    await add(tar, name, withComment(files[source]!, name));
  }
  tar.finalize();
  await written;
}

function add(tar: Pack, name: string, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    tar.entry({ name, mode: 0o644 }, bytes, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}
