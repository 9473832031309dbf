import { Kernel } from '../kernel.js';
import { remembered, type AxisMaker } from './axis-memory.js';
import type { Resampler } from './resampler.js';
import { convolveFloat, floatTable, type FloatTaps } from './separable-float.js';
import { twoPasses, type TapTable } from './two-passes.js';
import { assertInside, bytesOf, cut, sameSize } from './window.js';

interface TorchvisionKernel {
  readonly horizontal: (
    source: number,
    stride: number,
    rows: number,
    table: number,
    count: number,
    pairs: number,
    shift: number,
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
    shift: number,
    target: number,
  ) => void;
}

const kernel = new Kernel<TorchvisionKernel>(new URL('../../wasm/torchvision.wasm', import.meta.url));

/** A filter's half width and its value at x; zero beyond. */
interface Filter {
  readonly radius: number;
  readonly at: (x: number) => number;
}

const bilinear: Filter = {
  radius: 1,
  at: (x) => Math.max(1 - Math.abs(x), 0),
};

/** Keys' cubic with a = -0.5; torch takes -0.75 only without antialiasing. */
const bicubic: Filter = {
  radius: 2,
  at(x) {
    const d = Math.abs(x);
    if (d < 1) return (1.5 * d - 2.5) * d * d + 1;
    if (d < 2) return (((d - 5) * d + 8) * d - 4) * -0.5;
    return 0;
  },
};

/** Weights of one output in float64, their sum 1. */
function weightsOf(filter: Filter, from: number, to: number, index: number): FloatTaps {
  const scale = from / to;
  const support = filter.radius * Math.max(scale, 1);
  const inverse = scale >= 1 ? 1 / scale : 1;
  const centre = scale * (index + 0.5);
  const first = Math.max(Math.trunc(centre - support + 0.5), 0);
  const most = Math.ceil(support) * 2 + 1;
  const count = Math.min(Math.min(Math.trunc(centre + support + 0.5), from) - first, most);
  const values = Array.from({ length: count }, (_, j) => filter.at((j + first - centre + 0.5) * inverse));
  const sum = values.reduce((total, value) => total + value, 0);
  return { first, weights: values.map((value) => value / sum) };
}

/**
 * The largest weight of the whole axis, or one of the same precision: that is the axis', whatever part of it is wanted. A side of 65 500 pixels
 * enlarged by 256 has 16 million outputs, so nothing is kept of them.
 */
function largestWeight(filter: Filter, from: number, to: number): number {
  const scale = from / to;
  const support = filter.radius * Math.max(scale, 1);
  const inverse = scale >= 1 ? 1 / scale : 1;
  const most = Math.ceil(support) * 2 + 1;
  let largest = 0;
  // All weights from there up to 2 give the same bits; an enlarged side has such a weight at its first output.
  for (let index = 0; index < to && fractionBits(largest) > fractionBits(1); index++) {
    const centre = scale * (index + 0.5);
    const first = Math.max(Math.trunc(centre - support + 0.5), 0);
    const end = first + Math.min(Math.min(Math.trunc(centre + support + 0.5), from) - first, most);
    let sum = 0;
    let highest = 0;
    for (let at = first; at < end; at++) {
      const value = filter.at((at - centre + 0.5) * inverse);
      sum += value;
      if (value > highest) highest = value;
    }
    const weight = highest / sum;
    if (weight > largest) largest = weight;
  }
  return largest;
}

/** A table of 16-bit weights with the fractional bits that they have. */
interface ShortTable extends TapTable {
  readonly shift: number;
}

/** The most fractional bits, up to 22, with which the largest weight of the axis still fits into 16 bits. */
function fractionBits(largest: number): number {
  let bits = 0;
  while (bits < 22 && Math.trunc(0.5 + largest * 2 ** (bits + 1)) < 2 ** 15) bits++;
  return bits;
}

function shortTable(filter: Filter): AxisMaker<ShortTable> {
  return remembered((from, to, start, count) => {
    const shift = fractionBits(largestWeight(filter, from, to));
    const taps = Array.from({ length: count }, (_, i) => weightsOf(filter, from, to, start + i));
    const first = Math.min(...taps.map((tap) => tap.first));
    const end = Math.max(...taps.map((tap) => tap.first + tap.weights.length));
    const pairs = Math.ceil(Math.max(...taps.map((tap) => tap.weights.length)) / 2);
    const words = 1 + pairs;
    const entries = new Int32Array(taps.length * words);
    const shorts = new Int16Array(entries.buffer);
    taps.forEach((tap, index) => {
      entries[index * words] = tap.first - first;
      const weights = tap.weights.map((weight) =>
        Math.trunc(weight * 2 ** shift + (weight < 0 ? -0.5 : 0.5)),
      );
      shorts.set(weights, (index * words + 1) * 2);
    });
    return { first, end, reach: pairs * 2, entries, words, shift };
  });
}

/**
 * torchvision's v2 `resize(..., antialias=True)` of uint8 tensors by its native kernel (0.29.2 on AVX2 and
 * later; aten UpSampleKernelAVXAntialias.h): Pillow's scheme with 16-bit weights, rounded to bytes between the passes.
 */
function native(name: string, filter: Filter): Resampler {
  const tableOf = shortTable(filter);
  return {
    output: 'uint8',
    resample(source, size, window) {
      const data = bytesOf(source, name);
      assertInside(window, size);
      if (sameSize(source, size)) return cut(source, window);
      const across = tableOf(source.width, size.width, window.left, window.width);
      const down = tableOf(source.height, size.height, window.top, window.height);
      return twoPasses(
        kernel,
        {
          middleBytes: 1,
          horizontal(from, stride, rows, table, count, target, targetStride) {
            kernel.call.horizontal(
              from,
              stride,
              rows,
              table,
              count,
              across.reach / 2,
              across.shift,
              target,
              targetStride,
            );
          },
          vertical(from, stride, width, table, count, target) {
            kernel.call.vertical(from, stride, width, table, count, down.reach / 2, down.shift, target);
          },
        },
        { width: source.width, data },
        window,
        across,
        down,
      );
    },
  };
}

const f32 = Math.fround;

/** The filters in float32, each operation rounded, of a distance. */
const floatFilters = {
  bilinear: { radius: 1, at: (x: number) => (x < 1 ? f32(1 - x) : 0) },
  bicubic: {
    radius: 2,
    at: (x: number) => {
      if (x < 1) return f32(f32(f32(f32(f32(1.5 * x) - 2.5) * x) * x) + 1);
      if (x < 2) return f32(f32(f32(f32(f32(f32(f32(-0.5 * x) + 2.5) * x) - 4) * x) + 2));
      return 0;
    },
  },
} as const;

/** Weights of one output in float32, each operation rounded: what torch does to tensors of floats. */
function floatWeightsOf(
  filter: keyof typeof floatFilters,
  from: number,
  to: number,
  index: number,
): FloatTaps {
  const { radius, at } = floatFilters[filter];
  const scale = f32(f32(from) / f32(to));
  const support = f32(radius * Math.max(scale, 1));
  const inverse = scale >= 1 ? f32(1 / scale) : 1;
  const centre = f32(scale * (index + 0.5));
  const first = Math.max(Math.trunc(f32(centre - support) + 0.5), 0);
  const most = Math.ceil(support) * 2 + 1;
  const count = Math.min(Math.min(Math.trunc(f32(centre + support) + 0.5), from) - first, most);
  const values = Array.from({ length: count }, (_, j) =>
    at(Math.abs(f32((f32(j + first - centre) + 0.5) * inverse))),
  );
  const sum = values.reduce((total, value) => f32(total + value), 0);
  return { first, weights: values.map((value) => f32(value / sum)) };
}

const floatTables = (filter: keyof typeof floatFilters): AxisMaker<TapTable> =>
  remembered((from, to, start, count) =>
    floatTable(Array.from({ length: count }, (_, i) => floatWeightsOf(filter, from, to, start + i))),
  );

/**
 * The resize in float32 throughout, rounded at the end: `transforms.functional.resize` of uint8 tensors, which weights'
 * presets call, on every processor, and `transforms.v2` where torch has no native uint8 kernel.
 */
function inFloat(name: string, filter: keyof typeof floatFilters): Resampler {
  const tableOf = floatTables(filter);
  return {
    output: 'uint8',
    resample(source, size, window) {
      const data = bytesOf(source, name);
      assertInside(window, size);
      if (sameSize(source, size)) return cut(source, window);
      return convolveFloat(
        { width: source.width, data },
        window,
        tableOf(source.width, size.width, window.left, window.width),
        tableOf(source.height, size.height, window.top, window.height),
      );
    },
  };
}

/** torchvision's antialiased resizes of uint8 tensors. */
export const torchvision = {
  bilinear: native('torch-bilinear-antialias', bilinear),
  bilinearFloat: inFloat('torch-bilinear-antialias-float', 'bilinear'),
  bicubic: native('torch-bicubic-antialias', bicubic),
  bicubicFloat: inFloat('torch-bicubic-antialias-float', 'bicubic'),
} as const satisfies Record<string, Resampler>;
