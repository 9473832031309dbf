import type { Box, Size } from '../../domain.js';
import { Kernel } from '../kernel.js';
import type { PixelBlock } from '../recipe.js';
import { filters, tapsOf, type Filter } from './pillow-weights.js';
import type { Resampler } from './resampler.js';
import { assertInside, bytesOf, cut, sameSize } from './window.js';

interface PillowKernel {
  readonly horizontal: (
    source: number,
    stride: number,
    rows: number,
    table: number,
    count: number,
    pairs: number,
    target: number,
    targetStride: number,
  ) => void;
  readonly vertical: (
    source: number,
    stride: number,
    width: number,
    table: number,
    count: number,
    pairs: number,
    target: number,
  ) => void;
}

const kernel = new Kernel<PillowKernel>(new URL('../../../wasm/pillow.wasm', import.meta.url));

/** The taps of a stretch of output pixels, packed as the kernel reads them. */
interface Table {
  /** First source pixel that any entry reads. */
  readonly first: number;
  /** One past the last. */
  readonly end: number;
  readonly pairs: number;
  /** Entries of 1 + 2 * pairs integers; offsets count source pixels from `first`. */
  readonly entries: Int32Array;
}

function tabulate(filter: Filter, from: number, to: number, start: number, count: number): Table {
  const taps = Array.from({ length: count }, (_, i) => tapsOf(filter, from, to, start + i));
  const first = taps[0]!.first;
  const end = Math.max(...taps.map((tap) => tap.first + tap.weights.length));
  const pairs = Math.ceil(Math.max(...taps.map((tap) => tap.weights.length)) / 2);
  const entries = new Int32Array(count * (1 + 2 * pairs));
  let at = 0;
  for (const tap of taps) {
    entries[at++] = tap.first - first;
    for (let pair = 0; pair < pairs; pair++) {
      const a = tap.weights[2 * pair] ?? 0;
      const b = tap.weights[2 * pair + 1] ?? 0;
      entries[at++] = (a & 0x7fff) | ((b & 0x7fff) << 16);
      entries[at++] = ((a >> 15) & 0xffff) | ((b >> 15) << 16);
    }
  }
  return { first, end, pairs, entries };
}

/** Tables of the last sides seen; real images come in few sizes. */
class TableCache {
  static readonly #limit = 256;
  readonly #tables = new Map<string, Table>();

  get(name: string, filter: Filter, from: number, to: number, start: number, count: number): Table {
    const key = `${name} ${from} ${to} ${start} ${count}`;
    let table = this.#tables.get(key);
    if (table === undefined) {
      table = tabulate(filter, from, to, start, count);
      if (this.#tables.size >= TableCache.#limit) this.#tables.delete(this.#tables.keys().next().value!);
    } else {
      this.#tables.delete(key);
    }
    this.#tables.set(key, table);
    return table;
  }
}

const tables = new TableCache();

/** Writes a table's entries with offsets in bytes: `unit` bytes from one source pixel (or row) to the next. */
function writeTable(bytes: Uint8Array, address: number, { entries, pairs }: Table, unit: number): void {
  const target = new Int32Array(bytes.buffer, address, entries.length);
  target.set(entries);
  const step = 1 + 2 * pairs;
  for (let i = 0; i < entries.length; i += step) target[i] = entries[i]! * unit;
}

/** Rows that are copied in and shrunk at once: they stay in the cache, and wide images need little memory. */
const bandRows = 64;

/**
 * Pillow 13's `Image.resize` of RGB bytes (src/libImaging/Resample.c): antialiased, weights of 22
 * fractional bits, the horizontal pass first and rounded to bytes, then the vertical; a pass whose side
 * does not change is left out.
 */
function convolve(name: keyof typeof filters, source: PixelBlock, size: Size, window: Box): PixelBlock {
  const pixels = bytesOf(source, `pillow-${name}`);
  assertInside(window, size);
  if (sameSize(source, size)) return cut(source, window);
  const filter = filters[name];
  const { width, height } = window;
  const rowBytes = width * 3;
  const across =
    size.width === source.width
      ? null
      : tables.get(name, filter, source.width, size.width, window.left, width);
  const down =
    size.height === source.height
      ? null
      : tables.get(name, filter, source.height, size.height, window.top, height);

  const firstRow = down?.first ?? window.top;
  const rows = (down?.end ?? window.top + height) - firstRow;
  // One byte more than a row: the horizontal kernel writes one past each.
  const middleStride = Math.ceil((rowBytes + 1) / 16) * 16;
  const sourceStride = source.width * 3;
  const { bytes, addresses } = kernel.reserve(
    across === null ? 0 : sourceStride * Math.min(bandRows, rows) + across.pairs * 6,
    across === null ? 0 : across.entries.byteLength,
    middleStride * (rows + 2 * (down?.pairs ?? 0)),
    down === null ? 0 : down.entries.byteLength,
    down === null ? 0 : rowBytes * height,
  );
  const [band, acrossTable, middle, downTable, target] = addresses as [
    number,
    number,
    number,
    number,
    number,
  ];

  if (across === null) {
    for (let y = 0; y < rows; y++) {
      const start = (firstRow + y) * sourceStride + window.left * 3;
      bytes.set(pixels.subarray(start, start + rowBytes), middle + y * middleStride);
    }
  } else {
    writeTable(bytes, acrossTable, across, 3);
    const skipped = across.first * 3;
    for (let y = 0; y < rows; y += bandRows) {
      const count = Math.min(bandRows, rows - y);
      const start = (firstRow + y) * sourceStride + skipped;
      const end = (firstRow + y + count - 1) * sourceStride + across.end * 3;
      bytes.set(pixels.subarray(start, end), band);
      kernel.call.horizontal(
        band,
        sourceStride,
        count,
        acrossTable,
        width,
        across.pairs,
        middle + y * middleStride,
        middleStride,
      );
    }
  }

  if (down === null) {
    const data = new Uint8Array(rowBytes * height);
    for (let y = 0; y < height; y++) {
      const start = middle + y * middleStride;
      data.set(bytes.subarray(start, start + rowBytes), y * rowBytes);
    }
    return { width, height, data };
  }
  writeTable(bytes, downTable, down, middleStride);
  kernel.call.vertical(middle, middleStride, rowBytes, downTable, height, down.pairs, target);
  return { width, height, data: bytes.slice(target, target + rowBytes * height) };
}

/**
 * Source positions along one side, as Pillow's affine scaling finds them: a float64 running sum,
 * truncated; -1 where it runs past the end (Pillow leaves such pixels 0).
 */
function nearestPositions(from: number, to: number, start: number, count: number): Int32Array {
  const step = from / to;
  const positions = new Int32Array(count);
  let at = step * 0.5;
  for (let i = 0; i < start + count; i++) {
    if (i >= start) positions[i - start] = at < from ? Math.trunc(at) : -1;
    at += step;
  }
  return positions;
}

/** Pillow 13's `Image.resize` with NEAREST (src/libImaging/Geometry.c, ImagingScaleAffine). */
function nearest(source: PixelBlock, size: Size, window: Box): PixelBlock {
  const pixels = bytesOf(source, 'pillow-nearest');
  assertInside(window, size);
  if (sameSize(source, size)) return cut(source, window);
  const { width, height } = window;
  const columns = nearestPositions(source.width, size.width, window.left, width);
  const rows = nearestPositions(source.height, size.height, window.top, height);
  const data = new Uint8Array(width * height * 3);
  let at = 0;
  for (const row of rows) {
    const start = row * source.width * 3;
    for (const column of columns) {
      if (row >= 0 && column >= 0) {
        const from = start + column * 3;
        data[at] = pixels[from]!;
        data[at + 1] = pixels[from + 1]!;
        data[at + 2] = pixels[from + 2]!;
      }
      at += 3;
    }
  }
  return { width, height, data };
}

function convolution(name: keyof typeof filters): Resampler {
  return { output: 'uint8', resample: (source, size, window) => convolve(name, source, size, window) };
}

/** Pillow's resamplers by its names for them. */
export const pillow = {
  nearest: { output: 'uint8', resample: nearest },
  box: convolution('box'),
  bilinear: convolution('bilinear'),
  hamming: convolution('hamming'),
  bicubic: convolution('bicubic'),
  lanczos: convolution('lanczos'),
} as const satisfies Record<string, Resampler>;
