import { createInflate } from 'node:zlib';
import { messageOf } from '../errors.js';
import { Kernel } from '../kernel.js';
import type { RgbImage } from '../recipe.js';
import { readPngChunks, type PngPicture } from './png-chunks.js';
import { corrupt, truncated } from './refusals.js';

interface PngKernel {
  readonly unfilter: (above: number, at: number, count: number, rowBytes: number, step: number) => number;
}

const kernel = new Kernel<PngKernel>(new URL('../../wasm/png.wasm', import.meta.url));

/** Bytes behind the last row that are unpacked to see whether the stream ends well. */
const MOST_BEHIND = 1 << 20;

/** The first `length` bytes that a zlib stream unpacks to. An ImageError where it has fewer, or is broken before its end. */
function inflate(pieces: readonly Uint8Array[], length: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const unpacked = new Uint8Array(length);
    let filled = 0;
    // A stream that goes on behind the last row is no fault.
    const stream = createInflate({ chunkSize: Math.min(Math.max(length + 1, 64), 1 << 20) });
    stream.on('data', (chunk: Uint8Array) => {
      if (filled < length) unpacked.set(chunk.subarray(0, length - filled), filled);
      filled += chunk.length;
      if (filled <= length + MOST_BEHIND) return;
      stream.destroy();
      reject(corrupt('the rows of the PNG go on far behind its picture'));
    });
    stream.on('end', () => {
      if (filled < length) reject(truncated('the rows of the PNG end before its picture does'));
      else resolve(unpacked);
    });
    stream.on('error', (error) => {
      const short = (error as { code?: string }).code === 'Z_BUF_ERROR';
      reject(
        short
          ? truncated('the file is cut off: the rows of the PNG have no end')
          : corrupt(`the rows of the PNG can't be unpacked (${messageOf(error)})`),
      );
    });
    for (const piece of pieces) stream.write(piece);
    stream.end();
  });
}

/** Samples of a pixel, by colour type. */
const samplesOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** Rows that are worked on at once: they stay in the cache, and large pictures need little memory. */
const bandRows = 64;

/** The rows of one pass without their filters, each valid until the next is asked for. `step`: bytes of a pixel, at least 1. */
function* unfilteredRows(filtered: Uint8Array, rowBytes: number, step: number): Generator<Uint8Array> {
  const stride = rowBytes + 1;
  const { bytes, addresses } = kernel.reserve(rowBytes, bandRows * stride);
  const [above, band] = addresses as [number, number];
  bytes.fill(0, above, above + rowBytes);
  for (let start = 0; start < filtered.length; start += bandRows * stride) {
    const rows = filtered.subarray(start, start + bandRows * stride);
    const count = rows.length / stride;
    bytes.set(rows, band);
    const done = kernel.call.unfilter(above, band, count, rowBytes, step);
    if (done < count)
      throw corrupt(`a row of the PNG has a filter that there is not (${rows[done * stride]})`);
    for (let y = 0; y < count; y++) {
      yield bytes.subarray(band + y * stride + 1, band + (y + 1) * stride);
    }
    bytes.copyWithin(above, band + (count - 1) * stride + 1, band + count * stride);
  }
}

/** Writes the pixels of a row as RGB, the first at byte `at`, each `step` bytes behind the one before. */
type RowWriter = (row: Uint8Array, count: number, target: Uint8Array, at: number, step: number) => void;

/** Each sample by its value of `bits` bits, through a table of RGB. */
function throughTable(bits: number, table: Uint8Array): RowWriter {
  const mask = (1 << bits) - 1;
  return (row, count, target, at, step) => {
    for (let i = 0; i < count; i++, at += step) {
      const from = i * bits;
      const value = (row[from >> 3]! >> (8 - bits - (from & 7))) & mask;
      target[at] = table[value * 3]!;
      target[at + 1] = table[value * 3 + 1]!;
      target[at + 2] = table[value * 3 + 2]!;
    }
  };
}

/** Pillow's mode I;16 to RGB: levels above 255 are clipped, not scaled. */
const clippedGrey: RowWriter = (row, count, target, at, step) => {
  for (let i = 0; i < count; i++, at += step) {
    target.fill(row[i * 2] === 0 ? row[i * 2 + 1]! : 255, at, at + 3);
  }
};

/** Pixels of three bytes: a whole row in one go, or one at a time where an interlaced row is spread. */
const copyOrSpread: RowWriter = (row, count, target, at, step) => {
  if (step === 3) target.set(row, at);
  else for (let i = 0; i < count; i++, at += step) target.set(row.subarray(i * 3, i * 3 + 3), at);
};

/** The high bytes of samples: grey at `samples` below 3, else red, green and blue. What follows is alpha. */
function highBytes(samples: number, sampleBytes: number): RowWriter {
  const pixel = samples * sampleBytes;
  if (pixel === 3) return copyOrSpread;
  const [green, blue] = samples < 3 ? [0, 0] : [sampleBytes, 2 * sampleBytes];
  return (row, count, target, at, step) => {
    for (let i = 0, from = 0; i < count; i++, at += step, from += pixel) {
      target[at] = row[from]!;
      target[at + 1] = row[from + green]!;
      target[at + 2] = row[from + blue]!;
    }
  };
}

/** What becomes of 16-bit grey: Pillow clips it at 255, OpenCV keeps its high byte. */
export type DeepGrey = 'clipped' | 'high-bytes';

function rowWriter({ bitDepth, colourType, palette }: PngPicture, deepGrey: DeepGrey): RowWriter {
  if (colourType === 3) {
    const table = new Uint8Array(3 * 256);
    table.set((palette ?? new Uint8Array()).subarray(0, Math.floor((palette?.length ?? 0) / 3) * 3));
    return throughTable(bitDepth, table);
  }
  if (colourType === 0 && bitDepth === 16 && deepGrey === 'clipped') return clippedGrey;
  if (colourType === 0 && bitDepth < 16) {
    const levels = 1 << bitDepth;
    return throughTable(
      bitDepth,
      Uint8Array.from({ length: levels * 3 }, (_, i) => (Math.floor(i / 3) * 255) / (levels - 1)),
    );
  }
  return highBytes(samplesOf[colourType]!, bitDepth / 8);
}

/** Rows and columns of one pass: where they start and how far they lie apart. */
interface Pass {
  readonly left: number;
  readonly top: number;
  readonly across: number;
  readonly down: number;
}

const wholePass: readonly Pass[] = [{ left: 0, top: 0, across: 1, down: 1 }];
/** Adam7. */
const interlacedPasses: readonly Pass[] = [
  { left: 0, top: 0, across: 8, down: 8 },
  { left: 4, top: 0, across: 8, down: 8 },
  { left: 0, top: 4, across: 4, down: 8 },
  { left: 2, top: 0, across: 4, down: 4 },
  { left: 0, top: 2, across: 2, down: 4 },
  { left: 1, top: 0, across: 2, down: 2 },
  { left: 0, top: 1, across: 1, down: 2 },
];

/**
 * A PNG file as Pillow 13 reads it, which has a decoder of its own: `Image.open(file).convert("RGB")`.
 * `assertSize` is told the size before any pixel is unpacked.
 *
 * Throws an ImageError (`image-corrupt`, `image-truncated`) for what Pillow refuses, and for a damaged stream of rows whose
 * damage Pillow doesn't get to see.
 */
export async function decodePng(
  bytes: Uint8Array,
  assertSize: (width: number, height: number) => void,
  deepGrey: DeepGrey = 'clipped',
): Promise<RgbImage> {
  const picture = readPngChunks(bytes);
  const { width, height, box } = picture;
  assertSize(width, height);
  const bits = samplesOf[picture.colourType]! * picture.bitDepth;
  const passes = (picture.interlaced ? interlacedPasses : wholePass)
    .map((pass) => ({
      ...pass,
      columns: Math.ceil((box.width - pass.left) / pass.across),
      rows: Math.ceil((box.height - pass.top) / pass.down),
    }))
    .filter(({ columns, rows }) => columns > 0 && rows > 0)
    .map((pass) => ({ ...pass, rowBytes: Math.ceil((pass.columns * bits) / 8) }));
  const length = passes.reduce((sum, { rows, rowBytes }) => sum + rows * (rowBytes + 1), 0);
  const filtered = await inflate(picture.data, length);
  const data = new Uint8Array(width * height * 3);
  const write = rowWriter(picture, deepGrey);
  // Pillow forgets where on the canvas an interlaced frame lies.
  const { left, top } = picture.interlaced ? { left: 0, top: 0 } : box;
  let at = 0;
  for (const pass of passes) {
    const rows = filtered.subarray(at, (at += pass.rows * (1 + pass.rowBytes)));
    let y = 0;
    for (const row of unfilteredRows(rows, pass.rowBytes, Math.ceil(bits / 8))) {
      const first = (top + pass.top + y * pass.down) * width + left + pass.left;
      write(row, pass.columns, data, first * 3, pass.across * 3);
      y += 1;
    }
  }
  return { width, height, data };
}
