import type { Kernel } from '../kernel.js';
import type { Box, RgbImage } from '../recipe.js';
import { bandRows, bandsOf, copyRows, paddedRow, writeTable } from './rows.js';

/** The horizontal pass as a kernel reads it; pixels and offsets count source pixels. */
export interface Columns {
  /** First source pixel that is read; negative where it is a border's copy. */
  readonly first: number;
  /** One past the last; beyond the image where it is a border's copy. */
  readonly end: number;
  /** Entries of `words` words: `offsets` (1 where absent) offsets from `first`, then weights. */
  readonly entries: Int32Array;
  readonly words: number;
  readonly offsets?: number;
}

/** The source rows that a few taps an output row read: each once, ascending. */
export interface GatheredRows {
  readonly rows: readonly number[];
  /** For each tap, where its row stands in `rows`: the first taps of all output rows, then the second ones, and so on. */
  readonly places: Int32Array;
}

/** `taps`: source row numbers, in any order. */
export function gatherRows(taps: Int32Array): GatheredRows {
  const rows = [...new Set(taps)].sort((a, b) => a - b);
  const place = new Map(rows.map((row, index) => [row, index]));
  return { rows, places: taps.map((row) => place.get(row)!) };
}

/** What a kernel does to rows; addresses and strides in bytes. */
export interface Mix {
  /** Bytes of a value between the passes, and of the result. */
  readonly middleBytes: 2 | 4;
  readonly targetBytes: 1 | 4;
  readonly horizontal: (
    source: number,
    stride: number,
    rows: number,
    table: number,
    count: number,
    target: number,
    targetStride: number,
  ) => void;
  /** Words of an entry of the vertical table. */
  readonly words: number;
  /** Fills the vertical table; `place` gives the byte offset of tap `tap` of row `y`. */
  readonly writeTable: (table: Int32Array, place: (tap: number, y: number) => number) => void;
  readonly vertical: (source: number, table: number, target: number) => void;
}

/** Writes source rows from column `first` to `end`, the border's pixels repeated beyond the image. */
function writeBordered(
  bytes: Uint8Array,
  address: number,
  source: RgbImage,
  rows: readonly number[],
  { first, end }: Columns,
): void {
  const before = Math.max(-first, 0);
  const from = Math.max(first, 0);
  const to = Math.min(end, source.width);
  let at = address;
  for (const row of rows) {
    const start = (row * source.width + from) * 3;
    const stop = (row * source.width + to) * 3;
    for (let i = 0; i < before; i++, at += 3) bytes.set(source.data.subarray(start, start + 3), at);
    bytes.set(source.data.subarray(start, stop), at);
    at += stop - start;
    for (let i = to; i < end; i++, at += 3) bytes.set(source.data.subarray(stop - 3, stop), at);
  }
}

/** A resize by few taps: the rows that any output needs are made narrow once, then mixed. Gives the result's memory. */
export function mixed(
  kernel: Kernel<unknown>,
  source: RgbImage,
  window: Box,
  across: Columns,
  down: GatheredRows,
  mix: Mix,
): Uint8Array {
  const values = window.width * 3;
  const inside = across.first >= 0 && across.end <= source.width;
  const stride = inside ? source.width * 3 : (across.end - across.first) * 3;
  const middleStride = paddedRow(values, mix.middleBytes);
  const count = across.entries.length / across.words;
  const length = values * window.height * mix.targetBytes;
  const { bytes, addresses } = kernel.reserve(
    stride * Math.min(bandRows, down.rows.length),
    across.entries.byteLength,
    middleStride * down.rows.length,
    window.height * mix.words * 4,
    length,
  );
  const [band, acrossTable, middle, downTable, target] = addresses;
  writeTable(bytes, acrossTable, across, 3);
  for (const { rows, start } of bandsOf(down.rows)) {
    if (inside) copyRows(bytes, band, source.data, stride, across.first * 3, rows);
    else writeBordered(bytes, band, source, rows, across);
    const to = middle + start * middleStride;
    mix.horizontal(band, stride, rows.length, acrossTable, count, to, middleStride);
  }
  mix.writeTable(
    new Int32Array(bytes.buffer, downTable, window.height * mix.words),
    (tap, y) => down.places[tap * window.height + y]! * middleStride,
  );
  mix.vertical(middle, downTable, target);
  return bytes.slice(target, target + length);
}
