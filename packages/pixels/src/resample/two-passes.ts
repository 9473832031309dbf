import type { Box, RgbImage } from '../recipe.js';
import { Kernel } from '../kernel.js';
import { bandRows, bandsOf, closeRows, copyRows, paddedRow, rowsFrom, writeTable } from './rows.js';
import type { Packing, TapTable } from './taps.js';

/** A pass over memory, addresses and strides in bytes: `across` is rows, or values a row in the vertical one. */
type Pass = (
  kind: number,
  source: number,
  stride: number,
  across: number,
  table: number,
  count: number,
  taps: number,
  target: number,
  targetStride: number,
  shift: number,
) => void;

const kernel = new Kernel<{ readonly horizontal: Pass; readonly vertical: Pass }>(
  new URL('../../wasm/separable.wasm', import.meta.url),
);

/** The kernel's kinds (assembly/separable.ts). */
const kinds = { acrossFirst: { i16: 0, i32: 1, f32: 2 }, downFirst: { i32: 1, f32: 3 } } as const;

/** Bytes of a value between the passes. */
function sizeOf(packing: Packing): 1 | 4 {
  return packing === 'f32' ? 4 : 1;
}

/**
 * A separable resize to RGB bytes, the horizontal pass first and the vertical one where `down` is given. The tables, all
 * of `packing`, stand for `window`; only what they reach is read. Integers are rounded to bytes between the passes too;
 * floats stay float32, and are rounded half to even and clipped once at the end.
 */
export function acrossFirst(
  packing: Packing,
  source: RgbImage,
  window: Box,
  across: TapTable,
  down: TapTable | null,
): Uint8Array {
  const kind = kinds.acrossFirst[packing];
  const size = sizeOf(packing);
  const { width, height } = window;
  const values = width * 3;
  const firstRow = down?.first ?? window.top;
  const rows = rowsFrom(firstRow, (down?.end ?? window.top + height) - firstRow);
  const stride = source.width * 3;
  const middleStride = paddedRow(values, size);
  const { bytes, addresses } = kernel.reserve(
    stride * Math.min(bandRows, rows.length) + across.reach * 3,
    across.entries.byteLength,
    middleStride * (rows.length + (down?.reach ?? 0)),
    down?.entries.byteLength ?? 0,
    values * height,
  );
  const [band, acrossTable, middle, downTable, target] = addresses;
  const { horizontal, vertical } = kernel.call;
  writeTable(bytes, acrossTable, across, 3);
  for (const { rows: some, start } of bandsOf(rows)) {
    copyRows(bytes, band, source.data, stride, across.first * 3, some);
    const to = middle + start * middleStride;
    horizontal(
      kind,
      band,
      stride,
      some.length,
      acrossTable,
      width,
      across.reach,
      to,
      middleStride,
      across.shift,
    );
  }
  if (down === null) return closeRows(bytes, middle, middleStride, values, height);
  writeTable(bytes, downTable, down, middleStride);
  vertical(kind, middle, middleStride, values, downTable, height, down.reach, target, values, down.shift);
  return bytes.slice(target, target + values * height);
}

/**
 * A separable resize as `acrossFirst`, with the vertical pass first and the horizontal one where `across` is given; values
 * of floats stay float32.
 * Gives the result's memory.
 */
export function downFirst(
  packing: 'i32' | 'f32',
  source: RgbImage,
  window: Box,
  across: TapTable | null,
  down: TapTable,
): Uint8Array {
  const kind = kinds.downFirst[packing];
  const size = sizeOf(packing);
  const { width, height } = window;
  const firstColumn = across?.first ?? window.left;
  const values = ((across?.end ?? window.left + width) - firstColumn) * 3;
  const stride = source.width * 3;
  const rowOf = (y: number): number => down.first + down.entries[y * down.words]!;
  const bands = [...bandsOf(rowsFrom(0, height))].map(({ rows: { length: count }, start }) => {
    const firstRow = rowOf(start);
    const end = Math.min(rowOf(start + count - 1) + down.reach, down.end);
    return { start, count, firstRow, rows: rowsFrom(firstRow, end - firstRow) };
  });
  const middleStride = paddedRow(values, size);
  const targetStride = paddedRow(width * 3, size);
  const { bytes, addresses } = kernel.reserve(
    stride * (Math.max(...bands.map(({ rows }) => rows.length)) + down.reach),
    Math.min(bandRows, height) * down.words * 4,
    // The vertical kernel writes whole sixteens, the horizontal one reads them.
    middleStride * height + 16 * size + (across?.reach ?? 0) * 3 * size,
    across?.entries.byteLength ?? 0,
    across === null ? 0 : targetStride * height,
  );
  const [band, downTable, middle, acrossTable, target] = addresses;
  const { horizontal, vertical } = kernel.call;
  for (const { start, count, firstRow, rows } of bands) {
    copyRows(bytes, band, source.data, stride, firstColumn * 3, rows);
    const entries = down.entries.subarray(start * down.words, (start + count) * down.words);
    writeTable(bytes, downTable, { entries, words: down.words }, stride, firstRow - down.first);
    const to = middle + start * middleStride;
    vertical(kind, band, stride, values, downTable, count, down.reach, to, middleStride, down.shift);
  }
  if (across === null) return closeRows(bytes, middle, middleStride, values * size, height);
  writeTable(bytes, acrossTable, across, 3 * size);
  horizontal(
    kind,
    middle,
    middleStride,
    height,
    acrossTable,
    width,
    across.reach,
    target,
    targetStride,
    across.shift,
  );
  return closeRows(bytes, target, targetStride, width * 3 * size, height);
}
