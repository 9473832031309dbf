import type { PixelBlock, Size } from '../recipe.js';
import { Kernel } from '../kernel.js';
import { twoPasses, type TapTable } from './two-passes.js';

interface FloatKernel {
  readonly horizontal: (
    source: number,
    stride: number,
    rows: number,
    table: number,
    count: number,
    taps: number,
    target: number,
    targetStride: number,
  ) => void;
  readonly vertical: (
    source: number,
    stride: number,
    width: number,
    table: number,
    count: number,
    taps: number,
    target: number,
  ) => void;
}

const kernel = new Kernel<FloatKernel>(new URL('../../wasm/separable-float.wasm', import.meta.url));

/** Which source pixels make one output pixel, from `first` on, with what float32 weights. */
export interface FloatTaps {
  readonly first: number;
  readonly weights: readonly number[];
}

/** Entries all of the same length: zeros before or after the weights, so that none reads beyond what some entry needs. */
export function floatTable(taps: readonly FloatTaps[]): TapTable {
  const first = Math.min(...taps.map((tap) => tap.first));
  const end = Math.max(...taps.map((tap) => tap.first + tap.weights.length));
  const reach = Math.max(...taps.map((tap) => tap.weights.length));
  const words = 1 + reach;
  const entries = new Int32Array(taps.length * words);
  const floats = new Float32Array(entries.buffer);
  taps.forEach((tap, index) => {
    const start = Math.min(tap.first, end - reach);
    entries[index * words] = start - first;
    floats.set(tap.weights, index * words + 1 + (tap.first - start));
  });
  return { first, end, reach, entries, words };
}

/** The resize by these tables: float32 sums, horizontal pass first, rounded half to even and clipped once at the end. */
export function convolveFloat(
  source: { readonly width: number; readonly data: Uint8Array },
  window: Size,
  across: TapTable,
  down: TapTable,
): PixelBlock {
  return twoPasses(
    kernel,
    {
      middleBytes: 4,
      horizontal(from, stride, rows, table, count, target, targetStride) {
        kernel.call.horizontal(from, stride, rows, table, count, across.reach, target, targetStride);
      },
      vertical(from, stride, width, table, count, target) {
        kernel.call.vertical(from, stride, width, table, count, down.reach, target);
      },
    },
    source,
    window,
    across,
    down,
  );
}
