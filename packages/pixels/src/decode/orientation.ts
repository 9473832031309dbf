import type { RgbImage } from '../recipe.js';

const ORIENTATION = 0x0112;

/** The EXIF orientation in a TIFF structure, 1 to 8; 1 where there is none to be read. */
function orientationInTiff(tiff: Uint8Array): number {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  if (tiff.length < 8) return 1;
  const little = view.getUint16(0) === 0x4949;
  const word = (at: number) => view.getUint16(at, little);
  const start = view.getUint32(4, little);
  if ((!little && word(0) !== 0x4d4d) || word(2) !== 42 || start + 2 > tiff.length) return 1;
  for (let i = 0, at = start + 2; i < word(start) && at + 12 <= tiff.length; i++, at += 12) {
    if (word(at) !== ORIENTATION) continue;
    const value = word(at + 8);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/** The content of a JPEG's first APP1 segment before its scan, whatever it holds: OpenCV looks no further. */
function firstApplication(jpeg: Uint8Array): Uint8Array {
  for (let at = 2; at + 4 <= jpeg.length;) {
    const marker = jpeg[at + 1]!;
    if (jpeg[at] !== 0xff || marker === 0 || marker === 0xff || (marker >= 0xd0 && marker <= 0xd8)) {
      at += 1;
      continue;
    }
    if (marker === 0xda || marker === 0xd9) break;
    const end = at + 2 + jpeg[at + 2]! * 256 + jpeg[at + 3]!;
    if (marker === 0xe1) return jpeg.subarray(at + 4, end);
    at = end;
  }
  return new Uint8Array();
}

/** The orientation that a JPEG's EXIF data give, 1 (upright) to 8. */
export function jpegOrientation(jpeg: Uint8Array): number {
  // Behind "Exif" and two zeros.
  return orientationInTiff(firstApplication(jpeg).subarray(6));
}

/** The orientation that a PNG's eXIf chunk gives, 1 (upright) to 8. */
export function pngOrientation(exif: Uint8Array | null): number {
  return exif === null ? 1 : orientationInTiff(exif);
}

/** An image turned and mirrored as its EXIF orientation says. */
export function upright(image: RgbImage, orientation: number): RgbImage {
  if (orientation === 1) return image;
  const { width, height, data } = image;
  const turned = orientation >= 5;
  const [acrossBack, downBack] = [[2, 3, 7, 8].includes(orientation), [3, 4, 6, 7].includes(orientation)];
  const target = { width: turned ? height : width, height: turned ? width : height };
  const rgb = new Uint8Array(data.length);
  for (let y = 0, to = 0; y < target.height; y++) {
    for (let x = 0; x < target.width; x++, to += 3) {
      const [across, down] = turned ? [y, x] : [x, y];
      const from =
        ((downBack ? height - 1 - down : down) * width + (acrossBack ? width - 1 - across : across)) * 3;
      rgb[to] = data[from]!;
      rgb[to + 1] = data[from + 1]!;
      rgb[to + 2] = data[from + 2]!;
    }
  }
  return { ...target, data: rgb };
}
