import { END_OF_IMAGE, isFrame, isRestart, START_OF_SCAN } from './decode/jpeg-markers.js';
import { corrupt, empty } from './decode/refusals.js';
import { ImageError } from './errors.js';

/** What the first bytes of an image file say of its pixels. */
export type Header =
  | { readonly format: 'jpeg'; readonly width: number; readonly height: number; readonly components: number }
  | {
      readonly format: 'png';
      readonly width: number;
      readonly height: number;
      readonly bitDepth: number;
      /** 0 grey, 2 RGB, 3 palette, 4 grey with alpha, 6 RGB with alpha. */
      readonly colourType: number;
    };

/** Markers without a length of their own: TEM, RST0 to RST7. */
function isBare(marker: number): boolean {
  return marker === 0x01 || isRestart(marker);
}

function jpegHeader(view: DataView): Header {
  let at = 2;
  while (at + 4 <= view.byteLength) {
    if (view.getUint8(at) !== 0xff) {
      at += 1;
      continue;
    }
    const marker = view.getUint8(at + 1);
    if (marker === 0xff || marker === 0x00) {
      at += 1;
    } else if (isBare(marker)) {
      at += 2;
    } else if (isFrame(marker)) {
      if (at + 10 > view.byteLength) break;
      return {
        format: 'jpeg',
        height: view.getUint16(at + 5),
        width: view.getUint16(at + 7),
        components: view.getUint8(at + 9),
      };
    } else if (marker === END_OF_IMAGE || marker === START_OF_SCAN) {
      break;
    } else {
      at += 2 + view.getUint16(at + 2);
    }
  }
  throw corrupt('the JPEG ends or its scan begins before any frame header');
}

function pngHeader(view: DataView): Header {
  if (view.byteLength < 26) throw corrupt('the PNG ends within its header');
  return {
    format: 'png',
    width: view.getUint32(16),
    height: view.getUint32(20),
    bitDepth: view.getUint8(24),
    colourType: view.getUint8(25),
  };
}

const signatures: readonly (readonly [name: string, bytes: readonly number[]])[] = [
  ['GIF', [0x47, 0x49, 0x46]],
  ['BMP', [0x42, 0x4d]],
  ['RIFF (WebP or other)', [0x52, 0x49, 0x46, 0x46]],
  ['TIFF', [0x49, 0x49, 0x2a]],
  ['TIFF', [0x4d, 0x4d, 0x00, 0x2a]],
  ['gzip', [0x1f, 0x8b]],
  ['HTML or XML', [0x3c]],
  // "version https://git-lfs..."
  ['Git LFS pointer or other text', [0x76, 0x65, 0x72, 0x73, 0x69, 0x6f, 0x6e]],
];
const jpegSignature = [0xff, 0xd8, 0xff];
const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

function startsWith(bytes: Uint8Array, signature: readonly number[]): boolean {
  return signature.every((byte, i) => bytes[i] === byte);
}

/**
 * A file's format by its content, whatever its name says.
 * Throws an ImageError for what is neither JPEG nor PNG (`image-format`) and for an empty file (`image-empty`).
 */
export function formatOf(bytes: Uint8Array): Header['format'] {
  if (startsWith(bytes, jpegSignature)) return 'jpeg';
  if (startsWith(bytes, pngSignature)) return 'png';
  if (bytes.length === 0) throw empty();
  const known = signatures.find(([, signature]) => startsWith(bytes, signature));
  const seen = known === undefined ? '' : `; it looks like ${known[0]}`;
  throw new ImageError({
    code: 'image-format',
    what: `the file is neither JPEG nor PNG${seen}`,
    where: null,
    remedy: 'Only JPEG and PNG files are read. Convert the image, or leave it out of the data set.',
  });
}

/**
 * Reads a file's header by its content. A damaged file may have a header and no picture.
 * Throws an ImageError as `formatOf` does, and for a header that is cut off or contradicts itself (`image-corrupt`).
 */
export function readHeader(bytes: Uint8Array): Header {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return formatOf(bytes) === 'jpeg' ? jpegHeader(view) : pngHeader(view);
}
