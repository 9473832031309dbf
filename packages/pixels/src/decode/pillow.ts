import { formatOf } from '../header.js';
import type { RgbImage } from '../recipe.js';
import { decodeJpeg } from './jpeg.js';
import { decodePng } from './png.js';
import { tooLarge } from './refusals.js';

/** Pillow refuses more pixels than this as a decompression bomb (twice its MAX_IMAGE_PIXELS). */
const maximumPixels = 178_956_970;

/** Throws an ImageError (`image-too-large`) for more pixels than Pillow accepts. */
export function assertSize(width: number, height: number): void {
  if (width * height <= maximumPixels) return;
  throw tooLarge(
    `the header promises ${width}x${height} pixels, more than the ${maximumPixels} that Pillow accepts`,
  );
}

/**
 * A JPEG or PNG file as Pillow 13's `Image.open(file).convert("RGB")` gives it, bit for bit: no rotation
 * by EXIF, no colour profile, alpha dropped with the colour under it kept, CMYK by Pillow's own formula,
 * 16-bit grey clipped at 255, 16-bit colour cut to its high bytes. What Pillow refuses is refused.
 *
 * Throws an ImageError: `image-truncated`, `image-corrupt`, `image-format`, `image-empty`,
 * `image-channels`, or `image-too-large` (before any pixel is allocated).
 */
export async function decodeLikePillow(bytes: Uint8Array): Promise<RgbImage> {
  switch (formatOf(bytes)) {
    case 'jpeg':
      return decodeJpeg(bytes, assertSize);
    case 'png':
      return decodePng(bytes, assertSize);
  }
}
