import type { Box, PixelBlock, Size } from '../recipe.js';
import { Kernel } from '../kernel.js';
import { remembered, type AxisMaker } from './axis-memory.js';
import { bandHeight, bandsOf, copyRows, gatherRows, type GatheredRows } from './gathered-rows.js';
import {
  areaTaps,
  cubicTaps,
  linearColumns,
  linearRows,
  scaleOf,
  wholeScale,
  type LinearPosition,
} from './opencv-axis.js';
import type { Resampler } from './resampler.js';
import { convolveFloat, floatTable } from './separable-float.js';
import type { TapTable } from './two-passes.js';
import { assertInside, bytesOf, cut, sameSize } from './window.js';

type Horizontal = (
  source: number,
  stride: number,
  rows: number,
  table: number,
  count: number,
  target: number,
  targetStride: number,
) => void;

interface OpencvKernel {
  readonly linearHorizontal: Horizontal;
  readonly linearVertical: (
    source: number,
    width: number,
    table: number,
    count: number,
    target: number,
  ) => void;
  readonly cubicHorizontal: Horizontal;
  readonly cubicVertical: (
    source: number,
    width: number,
    vector: number,
    table: number,
    count: number,
    target: number,
  ) => void;
  readonly areaBlocks: (
    source: number,
    stride: number,
    across: number,
    down: number,
    count: number,
    rows: number,
    sums: number,
    target: number,
  ) => void;
}

const kernel = new Kernel<OpencvKernel>(new URL('../../wasm/opencv.wasm', import.meta.url));

/** RGB bytes of a whole image. */
interface Bytes extends Size {
  readonly data: Uint8Array;
}

/** The horizontal pass as the kernel reads it; pixels and offsets count source pixels. */
interface Columns {
  /** First source pixel that is read; negative where it is a border's copy. */
  readonly first: number;
  /** One past the last; beyond the image where it is a border's copy. */
  readonly end: number;
  /** Entries of `words` words: offset from `first`, then weights in pairs of 16-bit lanes. */
  readonly entries: Int32Array;
  readonly words: number;
}

/** The vertical pass: `places` holds the first taps of all rows, then the second ones, and so on. */
interface Rows extends GatheredRows {
  readonly weights: Int16Array;
}

function columnsOf(pixels: Int32Array, weights: Int16Array, count: number): Columns {
  const lanes = weights.length / pixels.length;
  const words = 1 + lanes / 2;
  const first = Math.min(...pixels);
  const entries = new Int32Array(count * words);
  const shorts = new Int16Array(entries.buffer);
  pixels.forEach((pixel, index) => {
    entries[index * words] = pixel - first;
    shorts.set(weights.subarray(index * lanes, (index + 1) * lanes), (index * words + 1) * 2);
  });
  return { first, end: Math.max(...pixels) + lanes, entries, words };
}

/** Whether no border has to be repeated. */
function isInside({ first, end }: Columns, source: Size): boolean {
  return first >= 0 && end <= source.width;
}

/** Writes source rows from column `first` to `end`, the border's pixels repeated beyond the image. */
function writeBordered(
  bytes: Uint8Array,
  address: number,
  source: Bytes,
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

/** What the linear and the cubic way share: rows are made narrow once, then mixed by twos or fours. */
interface Mix {
  /** Bytes of a value between the passes. */
  readonly middleBytes: 2 | 4;
  readonly horizontal: Horizontal;
  /** Words of an entry of the vertical table. */
  readonly words: number;
  /** Fills the vertical table; `place` gives the byte offset of tap `tap` of row `y`. */
  readonly writeTable: (table: Int32Array, place: (tap: number, y: number) => number) => void;
  readonly vertical: (source: number, table: number, target: number) => void;
}

function mixed(source: Bytes, window: Size, across: Columns, down: Rows, mix: Mix): PixelBlock {
  const { width, height } = window;
  const values = width * 3;
  const inside = isInside(across, source);
  const stride = inside ? source.width * 3 : (across.end - across.first) * 3;
  const middleStride = Math.ceil(((values + 4) * mix.middleBytes) / 16) * 16;
  const count = across.entries.length / across.words;
  const { bytes, addresses } = kernel.reserve(
    stride * bandHeight(down.rows),
    across.entries.byteLength,
    middleStride * down.rows.length,
    height * mix.words * 4,
    values * height,
  );
  const [band, acrossTable, middle, downTable, target] = addresses as [
    number,
    number,
    number,
    number,
    number,
  ];
  const words = new Int32Array(bytes.buffer, acrossTable, across.entries.length);
  words.set(across.entries);
  for (let i = 0; i < words.length; i += across.words) words[i] = across.entries[i]! * 3;
  for (const { rows, start } of bandsOf(down.rows)) {
    if (inside) copyRows(bytes, band, source.data, stride, across.first * 3, rows);
    else writeBordered(bytes, band, source, rows, across);
    mix.horizontal(
      band,
      stride,
      rows.length,
      acrossTable,
      count,
      middle + start * middleStride,
      middleStride,
    );
  }
  mix.writeTable(
    new Int32Array(bytes.buffer, downTable, height * mix.words),
    (tap, y) => down.places[tap * height + y]! * middleStride,
  );
  mix.vertical(middle, downTable, target);
  return { width, height, data: bytes.slice(target, target + values * height) };
}

function linearAxes(name: LinearPosition): { columns: AxisMaker<Columns>; rows: AxisMaker<Rows> } {
  return {
    columns: remembered((from, to, start, count) => {
      const { pixels, weights } = linearColumns(name, from, to, start, count);
      // The kernel takes pixels by twos; the filling one is idle, and so is the second tap on the border's pixel.
      const columns = columnsOf(pixels, weights, count + (count % 2));
      return { ...columns, end: Math.min(columns.end, from) };
    }),
    rows: remembered((from, to, start, count) => {
      const { pixels, weights } = linearRows(name, from, to, start, count);
      return { ...gatherRows(pixels), weights };
    }),
  };
}

const linearAxesOf = {
  centred: linearAxes('centred'),
  areaEnlarged: linearAxes('areaEnlarged'),
} as const satisfies Record<LinearPosition, unknown>;

function linearBy(name: LinearPosition, source: Bytes, size: Size, window: Box): PixelBlock {
  const { columns, rows } = linearAxesOf[name];
  const across = columns(source.width, size.width, window.left, window.width);
  const down = rows(source.height, size.height, window.top, window.height);
  const pairs = new Int32Array(down.weights.buffer);
  return mixed(source, window, across, down, {
    middleBytes: 2,
    horizontal: kernel.call.linearHorizontal,
    words: 3,
    writeTable(table, place) {
      for (let y = 0; y < window.height; y++) {
        table[3 * y] = place(0, y);
        table[3 * y + 1] = place(1, y);
        table[3 * y + 2] = pairs[y]!;
      }
    },
    vertical(middle, table, target) {
      kernel.call.linearVertical(middle, window.width * 3, table, window.height, target);
    },
  });
}

const cubicColumns: AxisMaker<Columns> = remembered((from, to, start, count) => {
  const { pixels, weights } = cubicTaps(from, to, start, count);
  return columnsOf(pixels, weights, count);
});

const cubicRows: AxisMaker<Rows> = remembered((from, to, start, count) => {
  const { pixels, weights } = cubicTaps(from, to, start, count);
  const taps = new Int32Array(count * 4);
  for (let tap = 0; tap < 4; tap++) {
    for (let y = 0; y < count; y++) {
      taps[tap * count + y] = Math.min(Math.max(pixels[y]! + tap, 0), from - 1);
    }
  }
  return { ...gatherRows(taps), weights };
});

function cubicBy(source: Bytes, size: Size, window: Box): PixelBlock {
  const across = cubicColumns(source.width, size.width, window.left, window.width);
  const down = cubicRows(source.height, size.height, window.top, window.height);
  const whole = size.width * 3;
  // OpenCV's vector loop takes 8 values at once; what is left of the whole row is done in integers.
  const vector = Math.min(Math.max(whole - (whole % 8) - window.left * 3, 0), window.width * 3);
  return mixed(source, window, across, down, {
    middleBytes: 4,
    horizontal: kernel.call.cubicHorizontal,
    words: 12,
    writeTable(table, place) {
      const floats = new Float32Array(table.buffer, table.byteOffset, table.length);
      for (let y = 0; y < window.height; y++) {
        for (let tap = 0; tap < 4; tap++) {
          const weight = down.weights[4 * y + tap]!;
          table[12 * y + tap] = place(tap, y);
          table[12 * y + 4 + tap] = weight;
          floats[12 * y + 8 + tap] = weight * 2 ** -22;
        }
      }
    },
    vertical(middle, table, target) {
      kernel.call.cubicVertical(middle, window.width * 3, vector, table, window.height, target);
    },
  });
}

/** Means of whole blocks of `across` by `down` pixels. */
function blocks(source: Bytes, across: number, down: number, window: Box): PixelBlock {
  const { left, top, width, height } = window;
  const stride = width * across * 3;
  const { bytes, addresses } = kernel.reserve(stride * height * down, stride * 4, width * height * 3);
  const [room, sums, target] = addresses as [number, number, number];
  for (let y = 0; y < height * down; y++) {
    const start = ((top * down + y) * source.width + left * across) * 3;
    bytes.set(source.data.subarray(start, start + stride), room + y * stride);
  }
  kernel.call.areaBlocks(room, stride, across, down, width, height, sums, target);
  return { width, height, data: bytes.slice(target, target + width * height * 3) };
}

const areaTable: AxisMaker<TapTable> = remembered((from, to, start, count) =>
  floatTable(Array.from({ length: count }, (_, i) => areaTaps(from, to, start + i))),
);

function areaBy(source: Bytes, size: Size, window: Box): PixelBlock {
  if (scaleOf(source.width, size.width) < 1 || scaleOf(source.height, size.height) < 1) {
    return linearBy('areaEnlarged', source, size, window);
  }
  const across = wholeScale(source.width, size.width);
  const down = wholeScale(source.height, size.height);
  if (across !== null && down !== null) return blocks(source, across, down, window);
  return convolveFloat(
    source,
    window,
    areaTable(source.width, size.width, window.left, window.width),
    areaTable(source.height, size.height, window.top, window.height),
  );
}

/** INTER_LINEAR; at exactly half the size OpenCV takes the mean of 2 by 2 pixels instead. */
function linearOrHalf(source: Bytes, size: Size, window: Box): PixelBlock {
  const half = wholeScale(source.width, size.width) === 2 && wholeScale(source.height, size.height) === 2;
  return half ? blocks(source, 2, 2, window) : linearBy('centred', source, size, window);
}

function resampler(name: string, resize: (source: Bytes, size: Size, window: Box) => PixelBlock): Resampler {
  return {
    output: 'uint8',
    resample(source, size, window) {
      const data = bytesOf(source, name);
      assertInside(window, size);
      if (sameSize(source, size)) return cut(source, window);
      return resize({ width: source.width, height: source.height, data }, size, window);
    },
  };
}

/**
 * OpenCV's `cv2.resize` of 8-bit images: the same bytes from 3.4 to 5.0 on x86-64. Cubic is the one of OpenCV's own
 * code (`cv2.ipp.setUseIPP(False)`); with Intel's IPP, the default of the x86-64 wheels, values differ by at most 1.
 */
export const opencv = {
  linear: resampler('opencv-linear', linearOrHalf),
  area: resampler('opencv-area', areaBy),
  cubic: resampler('opencv-cubic', cubicBy),
} as const satisfies Record<string, Resampler>;
