import { formatOf } from '../header.js';
import type { RgbImage } from '../recipe.js';
import { decodeJpeg } from './jpeg.js';
import { jpegOrientation, pngOrientation, upright } from './orientation.js';
import { assertSize } from './pillow.js';
import { decodePng } from './png.js';
import { readWholePng } from './png-chunks.js';

/** OpenCV's CMYK to RGB (grfmt_jpeg.cpp's `icvCvt_CMYK2BGR`) of inks as Adobe stores them, 255 for none. */
function withoutInks(ink: number, light: number): number {
  return light - (((255 - ink) * light) >> 8);
}

/**
 * A JPEG or PNG file as OpenCV 5's `cv2.imread(file)` gives it, in RGB order: turned by its EXIF orientation, CMYK by
 * OpenCV's own formula, 16-bit samples cut to their high bytes, alpha dropped, no colour profile. All else is as Pillow
 * has it, and a file that Pillow refuses is refused here, where OpenCV would give what it could read.
 *
 * Throws an ImageError as `decodeLikePillow` does, and for a PNG with a wrong checksum or without its end.
 */
export async function decodeLikeOpencv(bytes: Uint8Array): Promise<RgbImage> {
  if (formatOf(bytes) === 'jpeg') {
    return upright(await decodeJpeg(bytes, assertSize, withoutInks), jpegOrientation(bytes));
  }
  const { exif } = readWholePng(bytes);
  return upright(await decodePng(bytes, assertSize, 'high-bytes'), pngOrientation(exif));
}
