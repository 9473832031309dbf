import sharp from 'sharp';
import { ImageError, messageOf } from '../errors.js';
import type { RgbImage } from './recipe.js';

sharp.concurrency(1);
sharp.cache(false);

/** Pillow's `Image.open(...).convert('RGB')` of a JPEG or PNG. */
export async function decodeLikePillow(bytes: Uint8Array): Promise<RgbImage> {
  try {
    const { data, info } = await sharp(bytes, { ignoreIcc: true, failOn: 'truncated' })
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, data };
  } catch (error) {
    throw new ImageError({
      code: 'image-undecodable',
      what: `the image can't be decoded: ${messageOf(error)}`,
      where: null,
      remedy: null,
      cause: error,
    });
  }
}
