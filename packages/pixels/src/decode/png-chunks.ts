import { constants, crc32, inflateSync } from 'node:zlib';
import type { Box } from '../recipe.js';
import { corrupt, truncated } from './refusals.js';

/** A PNG's first picture, compressed. */
export interface PngPicture {
  readonly width: number;
  readonly height: number;
  /** 1, 2, 4, 8 or 16 bits a sample. */
  readonly bitDepth: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey with alpha, 6 RGB with alpha. */
  readonly colourType: number;
  readonly interlaced: boolean;
  /** RGB triplets, at most 256; null where there are none. */
  readonly palette: Uint8Array | null;
  /** The part of the canvas that the picture fills: all of it but for an animation's first frame. */
  readonly box: Box;
  /** The zlib stream of its rows, in pieces. */
  readonly data: readonly Uint8Array[];
}

const depthsOfTypes = new Map([
  [0, [1, 2, 4, 8, 16]],
  [2, [8, 16]],
  [3, [1, 2, 4, 8]],
  [4, [8, 16]],
  [6, [8, 16]],
]);

/** Pillow's limits for text and colour profiles: bytes of one when unpacked, and of all together. */
const MOST_TEXT = 1_048_576;
const MOST_TEXT_TOGETHER = 64 * MOST_TEXT;

interface Chunk {
  readonly name: string;
  readonly length: number;
  /** Shorter than `length` where the file ends before. */
  readonly content: Uint8Array;
  /** Offset behind the CRC. */
  readonly end: number;
}

/** The chunk that starts at `at`; null where there is no readable head. */
function chunkAt(bytes: Uint8Array, at: number): Chunk | null {
  if (at + 8 > bytes.length) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
  if (!/^\w{4}$/.test(name)) return null;
  const length = view.getUint32(at);
  return { name, length, content: bytes.subarray(at + 8, at + 8 + length), end: at + 12 + length };
}

function assertWhole({ name, length, content }: Chunk): void {
  if (content.length < length) throw truncated(`the PNG ends within its ${name} chunk`);
}

function assertChecked(bytes: Uint8Array, chunk: Chunk): void {
  if (chunk.end > bytes.length) throw truncated(`the PNG ends within its ${chunk.name} chunk`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const named = bytes.subarray(chunk.end - 8 - chunk.length, chunk.end - 4);
  if (crc32(named) !== view.getUint32(chunk.end - 4)) {
    throw corrupt(`the checksum of the PNG's ${chunk.name} chunk is wrong`);
  }
}

/** Unpacked size of a text or profile that Pillow accepts; 0 where it is no zlib stream, which Pillow lets pass. */
function unpackedSize(packed: Uint8Array, name: string): number {
  try {
    // What is missing of the stream is no fault to Pillow.
    return inflateSync(packed, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MOST_TEXT }).length;
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_BUFFER_TOO_LARGE') return 0;
    throw corrupt(`the PNG's ${name} chunk unpacks to more than 1 MiB`);
  }
}

/** Least length of the chunks that Pillow reads values from. */
const leastLengths: Readonly<Record<string, number>> = {
  IHDR: 13,
  gAMA: 4,
  cHRM: 32,
  sRGB: 1,
  pHYs: 9,
  acTL: 8,
  fcTL: 26,
  fdAT: 4,
};

/** Reads chunk by chunk what Pillow 13 (PngImagePlugin.py) reads, and throws where it raises. */
class ChunkReader {
  width = 0;
  height = 0;
  bitDepth = 0;
  colourType: number | null = null;
  interlaced = false;
  palette: Uint8Array | null = null;
  frames: number | null = null;
  box: Box | null = null;
  #clearIndex = false;
  #textBytes = 0;
  #sequence: number | null = null;

  read(chunk: Chunk): void {
    assertWhole(chunk);
    const { name, length, content } = chunk;
    const least = leastLengths[name];
    if (least !== undefined && length < least) throw corrupt(`the PNG's ${name} chunk is too short`);
    const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
    switch (name) {
      case 'IHDR':
        this.#readHeader(view);
        break;
      case 'PLTE':
        if (this.colourType === 3) this.palette = content;
        break;
      case 'tRNS':
        this.#readTransparency(content);
        break;
      case 'iCCP':
        this.#readProfile(content);
        break;
      case 'tEXt':
        this.#addText(content.includes(0) ? length - content.indexOf(0) - 1 : 0);
        break;
      case 'zTXt':
        this.#readPackedText(content);
        break;
      case 'iTXt':
        this.#readInternationalText(content);
        break;
      case 'acTL':
        this.#readAnimation(view);
        break;
      case 'fcTL':
        this.#readFrame(view);
        break;
      case 'fdAT':
        if (this.#sequence !== view.getUint32(0) - 1) throw corrupt("the PNG's frames are out of order");
        this.#sequence += 1;
        break;
    }
  }

  /** Throws where what was read is no picture that Pillow knows. */
  assertKnown(): void {
    if (this.colourType === null) throw corrupt('the PNG has a colour type or bit depth that there is not');
    if (this.width === 0 || this.height === 0) throw corrupt('the PNG is of no pixels');
    if (this.palette !== null && this.palette.length > 3 * 256 + 2) {
      throw corrupt("the PNG's palette has more than 256 colours");
    }
    if (this.palette !== null && this.colourType !== 3) {
      throw corrupt("the PNG's palette belongs to another header than its picture");
    }
    this.assertVisible(this.palette);
  }

  /** Throws where a palette's colour is said to be clear and the picture had no palette when it began. */
  assertVisible(palette: Uint8Array | null): void {
    if (this.#clearIndex && palette === null) throw corrupt('the PNG has no palette for its transparency');
  }

  #readHeader(view: DataView): void {
    this.width = view.getUint32(0);
    this.height = view.getUint32(4);
    const [depth, type] = [view.getUint8(8), view.getUint8(9)];
    if (depthsOfTypes.get(type)?.includes(depth) === true) [this.bitDepth, this.colourType] = [depth, type];
    if (view.getUint8(12) !== 0) this.interlaced = true;
    if (view.getUint8(11) !== 0) throw corrupt('the PNG has a filter method that there is not');
  }

  #readTransparency(content: Uint8Array): void {
    if (this.colourType === 3) {
      const clear = content.indexOf(0);
      const single = clear >= 0 && content.every((alpha, i) => alpha === (i === clear ? 0 : 255));
      if (single) this.#clearIndex = true;
    } else if (this.colourType === 0 || (this.colourType === 2 && this.bitDepth <= 16)) {
      const least = this.colourType === 0 ? 2 : 6;
      if (content.length < least) throw corrupt("the PNG's tRNS chunk is too short");
    }
  }

  #readProfile(content: Uint8Array): void {
    const method = content.indexOf(0) + 1;
    if (content[method] !== 0) throw corrupt("the PNG's colour profile is packed in an unknown way");
    unpackedSize(content.subarray(method + 1), 'iCCP');
  }

  #addText(length: number): void {
    this.#textBytes += length;
    if (this.#textBytes > MOST_TEXT_TOGETHER) throw corrupt("the PNG's texts are of more than 64 MiB");
  }

  #readPackedText(content: Uint8Array): void {
    const end = content.indexOf(0);
    const packed = end < 0 ? new Uint8Array() : content.subarray(end + 1);
    if (packed.length > 0 && packed[0] !== 0) throw corrupt("the PNG's text is packed in an unknown way");
    const size = unpackedSize(packed.subarray(1), 'zTXt');
    if (end !== 0) this.#addText(size);
  }

  #readInternationalText(content: Uint8Array): void {
    const keyword = content.indexOf(0);
    const rest = content.subarray(keyword + 1);
    if (keyword < 0 || rest.length < 2) return;
    const language = rest.indexOf(0, 2);
    const translated = language < 0 ? -1 : rest.indexOf(0, language + 1);
    if (translated < 0) return;
    const body = rest.subarray(translated + 1);
    if (rest[0] === 0) this.#addText(body.length);
    else if (rest[1] === 0) this.#addText(unpackedSize(body, 'iTXt'));
  }

  #readAnimation(view: DataView): void {
    const frames = view.getUint32(0);
    if (this.frames !== null) this.frames = null;
    else if (frames > 0 && frames <= 0x80000000) this.frames = frames;
  }

  #readFrame(view: DataView): void {
    const sequence = view.getUint32(0);
    if (sequence !== (this.#sequence === null ? 0 : this.#sequence + 1)) {
      throw corrupt("the PNG's frames are out of order");
    }
    this.#sequence = sequence;
    const [width, height, left, top] = [4, 8, 12, 16].map((at) => view.getUint32(at)) as [
      number,
      number,
      number,
      number,
    ];
    if (left + width > this.width || top + height > this.height || width === 0 || height === 0) {
      throw corrupt('a frame of the PNG lies outside of its picture');
    }
    this.box = { left, top, width, height };
  }
}

const isData = (name: string): boolean => name === 'IDAT' || name === 'DDAT';

/**
 * The first picture of a PNG file, by Pillow 13's reading: every chunk before the picture must have its right checksum,
 * whatever it holds; the picture's own needn't; behind it nothing may be cut off or too short, and what is no chunk
 * ends the reading.
 *
 * Throws an ImageError (`image-corrupt`, `image-truncated`) where Pillow raises.
 */
export function readPngChunks(bytes: Uint8Array): PngPicture {
  const reader = new ChunkReader();
  let chunk = chunkAt(bytes, 8);
  // Data before a header is to Pillow a chunk like any other.
  const isPicture = ({ name }: Chunk) => name === 'IDAT' && reader.colourType !== null;
  for (; chunk !== null && !isPicture(chunk); chunk = chunkAt(bytes, chunk.end)) {
    if (chunk.name === 'IEND' || chunk.name === 'fdAT')
      throw corrupt(`the PNG has no picture before its ${chunk.name}`);
    reader.read(chunk);
    assertChecked(bytes, chunk);
  }
  if (chunk === null) throw truncated('the PNG ends, or goes on with what is no chunk, before its picture');
  reader.assertKnown();
  const { width, height, bitDepth, interlaced, palette, frames } = reader;
  const colourType = reader.colourType!;
  const box = reader.box ?? { left: 0, top: 0, width, height };
  const animated = (frames ?? 1) + (frames !== null && reader.box === null ? 1 : 0) > 1;
  const data: Uint8Array[] = [];
  let consecutive = true;
  for (; chunk !== null && chunk.name !== 'IEND'; chunk = chunkAt(bytes, chunk.end)) {
    if (animated && chunk.name === 'fcTL') break;
    consecutive &&= isData(chunk.name);
    if (consecutive) data.push(chunk.content);
    reader.read(chunk);
  }
  reader.assertVisible(palette);
  return { width, height, bitDepth, colourType, interlaced, palette, box, data };
}

/** The chunks that a decoder must know. */
const critical = ['IHDR', 'PLTE', 'IDAT', 'IEND'];

/**
 * Checks a PNG as libpng does, every chunk to the last: throws an ImageError (`image-corrupt`, `image-truncated`) for a
 * wrong checksum anywhere, a header or palette that comes twice or not at all, an unknown chunk that must be understood,
 * and a missing end.
 */
export function readWholePng(bytes: Uint8Array): { readonly exif: readonly Uint8Array[] } {
  const exif: Uint8Array[] = [];
  const seen = new Set<string>();
  for (let chunk = chunkAt(bytes, 8); chunk !== null; chunk = chunkAt(bytes, chunk.end)) {
    assertChecked(bytes, chunk);
    const { name, content } = chunk;
    if (seen.size === 0 && (name !== 'IHDR' || content.length !== 13))
      throw corrupt("the PNG's header is not first");
    if (name === 'IHDR' && (content[10] !== 0 || content[12]! > 1))
      throw corrupt('the PNG is packed in an unknown way');
    if (seen.has(name) && (name === 'IHDR' || name === 'PLTE'))
      throw corrupt(`the PNG has a second ${name} chunk`);
    if (name === 'IDAT' && bytes[25] === 3 && !seen.has('PLTE')) throw corrupt('the PNG has no palette');
    if (/^[A-Z]/.test(name) && !critical.includes(name))
      throw corrupt(`the PNG has an unknown ${name} chunk`);
    seen.add(name);
    if (name === 'eXIf') exif.push(content);
    if (name === 'IEND') return { exif };
  }
  throw truncated('the PNG has no end');
}
