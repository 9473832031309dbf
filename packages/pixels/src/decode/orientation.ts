import type { RgbImage } from '../recipe.js';

const ORIENTATION = 0x0112;

/** Bytes that OpenCV reads at the place that the value of a tag points to: resolutions, white point, colours, black and white. */
const bytesBehind: Readonly<Record<number, number>> = {
  0x011a: 8,
  0x011b: 8,
  0x013e: 16,
  0x013f: 48,
  0x0211: 24,
  0x0214: 48,
};
/** Description, maker, model, software, date and copyright: texts. */
const texts = [0x010e, 0x010f, 0x0110, 0x0131, 0x0132, 0x8298];
/** Unit of resolution and position of colour samples: read in their place, as the orientation is. */
const inPlace = [ORIENTATION, 0x0128, 0x0213];

/**
 * The orientation tag of a TIFF structure, any number of 16 bits; null where there is none. As OpenCV's exif.cpp it reads
 * the tags that it knows one after the other, and stops at the first that reaches out of the structure.
 */
function orientationInTiff(tiff: Uint8Array): number | null {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const ends = (at: number, count: number) => at + count > tiff.length;
  if (ends(0, 8)) return null;
  const little = view.getUint16(0) === 0x4949;
  const word = (at: number) => view.getUint16(at, little);
  const long = (at: number) => view.getUint32(at, little);
  const start = long(4);
  if (word(2) !== 42 || ends(start, 2)) return null;
  for (let left = word(start), at = start + 2; left > 0 && !ends(at, 2); left--, at += 12) {
    const tag = word(at);
    const behind = bytesBehind[tag];
    if (inPlace.includes(tag) && ends(at, 10)) return null;
    if (behind !== undefined && (ends(at, 12) || ends(long(at + 8), behind))) return null;
    if (texts.includes(tag)) {
      const length = ends(at, 8) ? Infinity : long(at + 4);
      if (length <= 4 ? ends(8, length) : ends(at, 12) || ends(long(at + 8), length)) return null;
    }
    if (tag === ORIENTATION) return word(at + 8);
  }
  return null;
}

/** The contents of a JPEG's APP1 segments before its scan. */
function* applications(jpeg: Uint8Array): Generator<Uint8Array> {
  for (let at = 2; at + 4 <= jpeg.length;) {
    const marker = jpeg[at + 1]!;
    if (jpeg[at] !== 0xff || marker === 0 || marker === 0xff || (marker >= 0xd0 && marker <= 0xd8)) {
      at += 1;
      continue;
    }
    if (marker === 0xda || marker === 0xd9) return;
    const end = at + 2 + jpeg[at + 2]! * 256 + jpeg[at + 3]!;
    if (marker === 0xe1) yield jpeg.subarray(at + 4, end);
    at = end;
  }
}

const LABEL = Buffer.from('Exif\0\0');

const known = (orientation: number | null): number =>
  orientation !== null && orientation >= 1 && orientation <= 8 ? orientation : 1;

/** The orientation that a JPEG's EXIF data give, 1 (upright) to 8: the first tag of it in any of its EXIF segments. */
export function jpegOrientation(jpeg: Uint8Array): number {
  for (const content of applications(jpeg)) {
    if (!LABEL.equals(content.subarray(0, LABEL.length))) continue;
    const orientation = orientationInTiff(content.subarray(LABEL.length));
    if (orientation !== null) return known(orientation);
  }
  return 1;
}

/** The orientation that a PNG's eXIf chunks give, 1 (upright) to 8: libpng keeps the first with a byte order. */
export function pngOrientation(chunks: readonly Uint8Array[]): number {
  const exif = chunks.find(([first, second]) => first === second && (first === 0x49 || first === 0x4d));
  return exif === undefined ? 1 : known(orientationInTiff(exif));
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
