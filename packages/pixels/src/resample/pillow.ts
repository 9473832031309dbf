import type { Box, PixelBlock, Size } from '../recipe.js';
import { Kernel } from '../kernel.js';
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
  readonly gather: (source: number, offsets: number, count: number, target: number) => void;
}

const kernel = new Kernel<PillowKernel>(new URL('../../wasm/pillow.wasm', import.meta.url));

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

/**
 * Writes `count` of a table's entries from `start` on, with offsets in bytes from source pixel (or row)
 * `base`, `unit` bytes from one to the next.
 */
function writeTable(
  bytes: Uint8Array,
  address: number,
  { first, entries, pairs }: Table,
  { start, count, base, unit }: { start: number; count: number; base: number; unit: number },
): void {
  const step = 1 + 2 * pairs;
  const part = entries.subarray(start * step, (start + count) * step);
  const target = new Int32Array(bytes.buffer, address, part.length);
  target.set(part);
  for (let i = 0; i < part.length; i += step) target[i] = (part[i]! + first - base) * unit;
}

/** Rows copied in and shrunk at once: they stay in the CPU's cache, and large images need little memory. */
const bandRows = 64;

/** A kernel's row: whole vectors, and one byte more than the pixels, which the horizontal kernel writes. */
function paddedRow(pixels: number): number {
  return Math.ceil((pixels * 3 + 1) / 16) * 16;
}

/** Copies rows of `rowBytes` bytes that lie `stride` apart into one gapless array. */
function closeRows(
  bytes: Uint8Array,
  at: number,
  stride: number,
  rowBytes: number,
  rows: number,
): Uint8Array {
  const data = new Uint8Array(rowBytes * rows);
  for (let y = 0; y < rows; y++) {
    const start = at + y * stride;
    data.set(bytes.subarray(start, start + rowBytes), y * rowBytes);
  }
  return data;
}

interface Source {
  readonly pixels: Uint8Array;
  readonly width: number;
}

/** The horizontal pass, then the vertical one where `down` is given. */
function acrossFirst({ pixels, width }: Source, window: Box, across: Table, down: Table | null): Uint8Array {
  const firstRow = down?.first ?? window.top;
  const rows = (down?.end ?? window.top + window.height) - firstRow;
  const sourceStride = width * 3;
  const rowBytes = window.width * 3;
  const stride = paddedRow(window.width);
  const { bytes, addresses } = kernel.reserve(
    sourceStride * Math.min(bandRows, rows) + across.pairs * 6,
    across.entries.byteLength,
    stride * (rows + 2 * (down?.pairs ?? 0)),
    down?.entries.byteLength ?? 0,
    down === null ? 0 : rowBytes * window.height,
  );
  const [band, acrossTable, middle, downTable, target] = addresses as [
    number,
    number,
    number,
    number,
    number,
  ];

  writeTable(bytes, acrossTable, across, { start: 0, count: window.width, base: across.first, unit: 3 });
  for (let y = 0; y < rows; y += bandRows) {
    const count = Math.min(bandRows, rows - y);
    const start = (firstRow + y) * sourceStride;
    const end = start + (count - 1) * sourceStride + across.end * 3;
    bytes.set(pixels.subarray(start + across.first * 3, end), band);
    const to = middle + y * stride;
    kernel.call.horizontal(band, sourceStride, count, acrossTable, window.width, across.pairs, to, stride);
  }
  if (down === null) return closeRows(bytes, middle, stride, rowBytes, window.height);

  writeTable(bytes, downTable, down, { start: 0, count: window.height, base: firstRow, unit: stride });
  kernel.call.vertical(middle, stride, rowBytes, downTable, window.height, down.pairs, target);
  return bytes.slice(target, target + rowBytes * window.height);
}

/** The vertical pass, then the horizontal one where `across` is given. */
function downFirst({ pixels, width }: Source, window: Box, across: Table | null, down: Table): Uint8Array {
  const firstColumn = across?.first ?? window.left;
  const columns = (across?.end ?? window.left + window.width) - firstColumn;
  const columnBytes = columns * 3;
  const bandStride = paddedRow(columns);
  const step = 1 + 2 * down.pairs;
  const rowOf = (y: number) => down.first + down.entries[y * step]!;
  const bands: { start: number; count: number; firstRow: number; rows: number }[] = [];
  for (let start = 0; start < window.height; start += bandRows) {
    const count = Math.min(bandRows, window.height - start);
    const firstRow = rowOf(start);
    const rows = Math.min(rowOf(start + count - 1) + 2 * down.pairs, down.end) - firstRow;
    bands.push({ start, count, firstRow, rows });
  }
  const stride = paddedRow(window.width);
  const { bytes, addresses } = kernel.reserve(
    bandStride * (Math.max(...bands.map((band) => band.rows)) + 2 * down.pairs),
    Math.min(bandRows, window.height) * step * 4,
    columnBytes * window.height + (across?.pairs ?? 0) * 6,
    across?.entries.byteLength ?? 0,
    across === null ? 0 : stride * window.height,
  );
  const [band, downTable, middle, acrossTable, target] = addresses as [
    number,
    number,
    number,
    number,
    number,
  ];

  for (const { start, count, firstRow, rows } of bands) {
    for (let y = 0; y < rows; y++) {
      const from = ((firstRow + y) * width + firstColumn) * 3;
      bytes.set(pixels.subarray(from, from + columnBytes), band + y * bandStride);
    }
    writeTable(bytes, downTable, down, { start, count, base: firstRow, unit: bandStride });
    const to = middle + start * columnBytes;
    kernel.call.vertical(band, bandStride, columnBytes, downTable, count, down.pairs, to);
  }
  if (across === null) return bytes.slice(middle, middle + columnBytes * window.height);

  writeTable(bytes, acrossTable, across, { start: 0, count: window.width, base: firstColumn, unit: 3 });
  kernel.call.horizontal(
    middle,
    columnBytes,
    window.height,
    acrossTable,
    window.width,
    across.pairs,
    target,
    stride,
  );
  return closeRows(bytes, target, stride, window.width * 3, window.height);
}

/**
 * Whether Pillow shrinks the height before the width. New in Pillow 13 (python-pillow/Pillow #9549):
 * where the height loses more than twice as many pixels as the width. Before that, never. The bytes
 * between the passes are rounded, so the order shows.
 */
function goesDownFirst(from: Size, to: Size): boolean {
  const lost = from.height - to.height;
  return lost > 0 && lost > 2 * (from.width - to.width);
}

/**
 * Pillow 13's `Image.resize` of RGB bytes (src/libImaging/Resample.c): antialiased, weights of 22
 * fractional bits, two passes with bytes between them; a pass whose side does not change is left out.
 */
function convolve(name: keyof typeof filters, source: PixelBlock, size: Size, window: Box): PixelBlock {
  const pixels = bytesOf(source, `pillow-${name}`);
  assertInside(window, size);
  if (sameSize(source, size)) return cut(source, window);
  const filter = filters[name];
  const { left, top, width, height } = window;
  const across =
    size.width === source.width ? null : tables.get(name, filter, source.width, size.width, left, width);
  const down =
    size.height === source.height ? null : tables.get(name, filter, source.height, size.height, top, height);
  const from = { pixels, width: source.width };
  const downFirstly = across === null || (down !== null && goesDownFirst(source, size));
  // Not both are null: the size differs.
  const data = downFirstly ? downFirst(from, window, across, down!) : acrossFirst(from, window, across, down);
  return { width, height, data };
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
  // Positions that run past the end come last: their pixels stay 0.
  const inside = (position: number) => position >= 0;
  const columns = nearestPositions(source.width, size.width, window.left, width).filter(inside);
  const rows = nearestPositions(source.height, size.height, window.top, height).filter(inside);
  const stride = width * 3;
  const { bytes, addresses } = kernel.reserve(columns.length * 4, source.width * 3, height * stride);
  const [offsets, copy, target] = addresses as [number, number, number];
  new Int32Array(bytes.buffer, offsets, columns.length).set(columns.map((column) => column * 3));
  if (columns.length < width || rows.length < height) bytes.fill(0, target, target + height * stride);
  rows.forEach((row, y) => {
    bytes.set(pixels.subarray(row * source.width * 3, (row + 1) * source.width * 3), copy);
    kernel.call.gather(copy, offsets, columns.length, target + y * stride);
  });
  const data = bytes.slice(target, target + height * stride);
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
