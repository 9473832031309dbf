import type { Box, RgbImage, Size } from '../recipe.js';
import { Kernel } from '../kernel.js';
import { axesOf, remembered, type AxisMaker } from './axis.js';
import { gatherRows, mixed, type Columns, type GatheredRows, type Mix } from './mixed-rows.js';
import {
  areaTaps,
  cubicTaps,
  linearColumns,
  linearRows,
  scaleOf,
  wholeScale,
  type LinearPosition,
} from './opencv-axis.js';
import { resampler, type Resampler } from './resampler.js';
import { tapTables } from './taps.js';
import { acrossFirst } from './two-passes.js';

interface OpencvKernel {
  readonly linearHorizontal: Mix['horizontal'];
  readonly linearVertical: (
    source: number,
    width: number,
    table: number,
    count: number,
    target: number,
  ) => void;
  readonly cubicHorizontal: Mix['horizontal'];
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

function linearBy(name: LinearPosition, source: RgbImage, size: Size, window: Box): Uint8Array {
  const { columns, rows } = linearAxesOf[name];
  const [across, down] = axesOf(columns, rows, source, size, window);
  const pairs = new Int32Array(down.weights.buffer);
  return mixed(kernel, source, window, across, down, {
    middleBytes: 2,
    targetBytes: 1,
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

function cubicBy(source: RgbImage, size: Size, window: Box): Uint8Array {
  const [across, down] = axesOf(cubicColumns, cubicRows, source, size, window);
  const whole = size.width * 3;
  // OpenCV's vector loop takes 8 values at once; what is left of the whole row is done in integers.
  const vector = Math.min(Math.max(whole - (whole % 8) - window.left * 3, 0), window.width * 3);
  return mixed(kernel, source, window, across, down, {
    middleBytes: 4,
    targetBytes: 1,
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
function blocks(source: RgbImage, across: number, down: number, window: Box): Uint8Array {
  const { left, top, width, height } = window;
  const stride = width * across * 3;
  const { bytes, addresses } = kernel.reserve(stride * height * down, stride * 4, width * height * 3);
  const [room, sums, target] = addresses;
  for (let y = 0; y < height * down; y++) {
    const start = ((top * down + y) * source.width + left * across) * 3;
    bytes.set(source.data.subarray(start, start + stride), room + y * stride);
  }
  kernel.call.areaBlocks(room, stride, across, down, width, height, sums, target);
  return bytes.slice(target, target + width * height * 3);
}

const areaTables = tapTables('f32', areaTaps);

function areaBy(source: RgbImage, size: Size, window: Box): Uint8Array {
  if (scaleOf(source.width, size.width) < 1 || scaleOf(source.height, size.height) < 1) {
    return linearBy('areaEnlarged', source, size, window);
  }
  const across = wholeScale(source.width, size.width);
  const down = wholeScale(source.height, size.height);
  if (across !== null && down !== null) return blocks(source, across, down, window);
  return acrossFirst('f32', source, window, ...axesOf(areaTables, areaTables, source, size, window));
}

/** INTER_LINEAR; at exactly half the size OpenCV takes the mean of 2 by 2 pixels instead. */
function linearOrHalf(source: RgbImage, size: Size, window: Box): Uint8Array {
  const half = wholeScale(source.width, size.width) === 2 && wholeScale(source.height, size.height) === 2;
  return half ? blocks(source, 2, 2, window) : linearBy('centred', source, size, window);
}

/**
 * OpenCV's `cv2.resize` of 8-bit images: the same bytes from 3.4 to 5.0 on x86-64. Cubic is the one of OpenCV's own
 * code (`cv2.ipp.setUseIPP(False)`); with Intel's IPP, the default of the x86-64 wheels, values differ by at most 1.
 */
export const opencv = {
  linear: resampler('opencv-linear', 'uint8', linearOrHalf),
  area: resampler('opencv-area', 'uint8', areaBy),
  cubic: resampler('opencv-cubic', 'uint8', cubicBy),
} as const satisfies Record<string, Resampler>;
