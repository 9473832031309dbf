import { axesOf } from './axis.js';
import { filters, tapsOf, type Filter } from './pillow-weights.js';
import { resampler, type Resampler } from './resampler.js';
import { tapTables, type Taps } from './taps.js';
import { acrossFirst } from './two-passes.js';

/** The most fractional bits, up to 22, with which the largest weight of the axis still fits into 16 bits. */
function fractionBits(largest: number): number {
  let bits = 0;
  while (bits < 22 && Math.trunc(0.5 + largest * 2 ** (bits + 1)) < 2 ** 15) bits++;
  return bits;
}

/**
 * Fractional bits by the largest weight of the whole axis, whatever part of it is wanted. A side of 65 500 pixels
 * enlarged by 256 has 16 million outputs, so it ends at a weight after which the bits can't change: all from there up to
 * 2 give the same, and an enlarged side has such a weight at its first output.
 */
function bitsOf(filter: Filter, from: number, to: number): number {
  let largest = 0;
  for (let index = 0; index < to && fractionBits(largest) > fractionBits(1); index++) {
    for (const weight of tapsOf(filter, from, to, index).weights) if (weight > largest) largest = weight;
  }
  return fractionBits(largest);
}

/**
 * torchvision's v2 `resize(..., antialias=True)` of uint8 tensors by its native kernel (0.29.2 on AVX2 and
 * later; aten UpSampleKernelAVXAntialias.h): Pillow's scheme with 16-bit weights, rounded to bytes between the passes.
 */
function native(name: string, filter: Filter): Resampler {
  const tables = tapTables(
    'i16',
    (...output) => tapsOf(filter, ...output),
    (from, to) => bitsOf(filter, from, to),
  );
  return resampler(name, 'uint8', (source, size, window) =>
    acrossFirst('i16', source, window, ...axesOf(tables, tables, source, size, window)),
  );
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
function floatWeightsOf(filter: keyof typeof floatFilters, from: number, to: number, index: number): Taps {
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

/**
 * The resize in float32 throughout, rounded at the end: `transforms.functional.resize` of uint8 tensors, which weights'
 * presets call, on every processor, and `transforms.v2` where torch has no native uint8 kernel.
 */
function inFloat(name: string, filter: keyof typeof floatFilters): Resampler {
  const tables = tapTables('f32', (...output) => floatWeightsOf(filter, ...output));
  return resampler(name, 'uint8', (source, size, window) =>
    acrossFirst('f32', source, window, ...axesOf(tables, tables, source, size, window)),
  );
}

/** torchvision's antialiased resizes of uint8 tensors. */
export const torchvision = {
  bilinear: native('torch-bilinear-antialias', filters.bilinear),
  bilinearFloat: inFloat('torch-bilinear-antialias-float', 'bilinear'),
  bicubic: native('torch-bicubic-antialias', filters.bicubic),
  bicubicFloat: inFloat('torch-bicubic-antialias-float', 'bicubic'),
} as const satisfies Record<string, Resampler>;
