import { Kernel } from '../kernel.js';
import { remembered, type AxisMaker } from './axis-memory.js';
import { bandHeight, bandsOf, copyRows, gatherRows, type GatheredRows } from './gathered-rows.js';
import type { Resampler } from './resampler.js';
import { assertInside, bytesOf, cut, sameSize } from './window.js';

type Horizontal = (
  source: number,
  stride: number,
  rows: number,
  table: number,
  count: number,
  target: number,
  targetStride: number,
  share: number,
) => void;

interface TensorflowKernel {
  readonly horizontal: Horizontal;
  readonly vertical: (source: number, width: number, table: number, count: number, target: number) => void;
}

const kernel = new Kernel<TensorflowKernel>(new URL('../../wasm/tensorflow.wasm', import.meta.url));

const f32 = Math.fround;

/** Where along a side output `index` looks, in source pixels; `scale` = f32(from / to). */
type Position = (index: number, scale: number) => number;

/** `tf.image.resize`: pixel centres at half. */
const halfPixel: Position = (index, scale) => f32(f32((index + 0.5) * scale) - 0.5);

/** `tf.compat.v1.image.resize_bilinear(align_corners=False)`: pixel centres at their corner. */
const legacy: Position = (index, scale) => f32(index * scale);

/** Two taps for each output: lower, upper, and the share of the upper one. */
interface Taps {
  readonly lower: Int32Array;
  readonly upper: Int32Array;
  readonly shares: Float32Array;
}

function tapsOf(position: Position, from: number, to: number, start: number, count: number): Taps {
  const scale = f32(from / to);
  const lower = new Int32Array(count);
  const upper = new Int32Array(count);
  const shares = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const at = position(start + i, scale);
    const floor = Math.floor(at);
    lower[i] = Math.max(floor, 0);
    upper[i] = Math.min(Math.ceil(at), from - 1);
    // From the floor before it was clamped: at the borders both taps are the same pixel and the share is idle.
    shares[i] = at - floor;
  }
  return { lower, upper, shares };
}

interface Columns {
  readonly first: number;
  /** 3 words a pixel: left and right in source pixels from `first`, share as float32. */
  readonly entries: Int32Array;
}

function columnsOf({ lower, upper, shares }: Taps): Columns {
  const first = Math.min(...lower);
  const entries = new Int32Array(lower.length * 3);
  const floats = new Float32Array(entries.buffer);
  for (let i = 0; i < lower.length; i++) {
    entries[3 * i] = lower[i]! - first;
    entries[3 * i + 1] = upper[i]! - first;
    floats[3 * i + 2] = shares[i]!;
  }
  return { first, entries };
}

interface Rows extends GatheredRows {
  readonly shares: Float32Array;
}

function rowsOf({ lower, upper, shares }: Taps): Rows {
  const taps = new Int32Array(lower.length * 2);
  taps.set(lower);
  taps.set(upper, lower.length);
  return { ...gatherRows(taps), shares };
}

/**
 * TensorFlow's ResizeBilinear without antialiasing (core/kernels/image/resize_bilinear_op.cc), eager, no XLA:
 * float32, each operation rounded; the horizontal mix inside the vertical one. Of bytes times `share`, which is 1 or
 * float32(1/255) as `convert_image_dtype` has it; gives floats on that scale.
 */
function bilinear(name: string, position: Position, share: number): Resampler {
  const columns: AxisMaker<Columns> = remembered((...axis) => columnsOf(tapsOf(position, ...axis)));
  const rows: AxisMaker<Rows> = remembered((...axis) => rowsOf(tapsOf(position, ...axis)));
  return {
    output: 'float32',
    resample(source, size, window) {
      const data = bytesOf(source, name);
      assertInside(window, size);
      const { width, height } = window;
      if (sameSize(source, size)) {
        return { width, height, data: Float32Array.from(cut(source, window).data, (byte) => byte * share) };
      }
      const across = columns(source.width, size.width, window.left, width);
      const down = rows(source.height, size.height, window.top, height);
      const values = width * 3;
      const length = source.width * 3;
      const middleStride = Math.ceil((values + 4) / 4) * 16;
      const { bytes, addresses } = kernel.reserve(
        length * bandHeight(down.rows),
        across.entries.byteLength,
        middleStride * down.rows.length,
        height * 12,
        values * height * 4,
      );
      const [band, acrossTable, middle, downTable, target] = addresses as [
        number,
        number,
        number,
        number,
        number,
      ];

      const words = new Int32Array(bytes.buffer, acrossTable, across.entries.length);
      for (let i = 0; i < words.length; i += 3) {
        words[i] = across.entries[i]! * 3;
        words[i + 1] = across.entries[i + 1]! * 3;
        words[i + 2] = across.entries[i + 2]!;
      }
      for (const { rows: some, start } of bandsOf(down.rows)) {
        copyRows(bytes, band, data, length, across.first * 3, some);
        const to = middle + start * middleStride;
        kernel.call.horizontal(band, length, some.length, acrossTable, width, to, middleStride, share);
      }

      const table = new Int32Array(bytes.buffer, downTable, height * 3);
      const shares = new Float32Array(bytes.buffer, downTable, height * 3);
      for (let y = 0; y < height; y++) {
        table[3 * y] = down.places[y]! * middleStride;
        table[3 * y + 1] = down.places[height + y]! * middleStride;
        shares[3 * y + 2] = down.shares[y]!;
      }
      kernel.call.vertical(middle, values, downTable, height, target);
      return { width, height, data: new Float32Array(bytes.buffer, target, values * height).slice() };
    },
  };
}

const unitShare = f32(1 / 255);

/** TensorFlow's bilinear resizes, of bytes and (`unit`) of `convert_image_dtype`'s floats from 0 to 1. */
export const tensorflow = {
  bilinear: bilinear('tensorflow-bilinear', halfPixel, 1),
  bilinearLegacy: bilinear('tensorflow-bilinear-legacy', legacy, 1),
  unit: {
    bilinear: bilinear('tensorflow-bilinear', halfPixel, unitShare),
    bilinearLegacy: bilinear('tensorflow-bilinear-legacy', legacy, unitShare),
  },
} as const satisfies Record<string, Resampler | Record<string, Resampler>>;
