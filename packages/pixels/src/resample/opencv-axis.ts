/**
 * Where OpenCV's `resize` looks along one side, and with what weights (modules/imgproc/src/resize.cpp, 8-bit).
 * Outputs are `start` to `start + count - 1` of a side resized from `from` to `to` pixels.
 */

import { roundHalfEven } from '../geometry.js';
import type { Taps } from './taps.js';

const f32 = Math.fround;
const epsilon = 2 ** -52;

/** Source pixels an output pixel, by two divisions as OpenCV has it. */
export function scaleOf(from: number, to: number): number {
  return 1 / (to / from);
}

/** The whole number that a scale is, or null. */
export function wholeScale(from: number, to: number): number | null {
  const scale = scaleOf(from, to);
  const nearest = roundHalfEven(scale);
  return Math.abs(scale - nearest) < epsilon ? nearest : null;
}

/** A source position: the pixel at or before it, and how far beyond that pixel it lies. */
interface Position {
  readonly pixel: number;
  readonly beyond: number;
}

/** Pixel centres at half: linear and cubic. */
function centred(from: number, to: number, index: number): Position {
  const at = f32((index + 0.5) * scaleOf(from, to) - 0.5);
  const pixel = Math.floor(at);
  return { pixel, beyond: f32(at - pixel) };
}

/** INTER_AREA where a side grows: pixels stay whole, and only those on a border of two are mixed. */
function areaEnlarged(from: number, to: number, index: number): Position {
  const pixel = Math.floor(index * scaleOf(from, to));
  const at = f32(index + 1 - (pixel + 1) * (to / from));
  return { pixel, beyond: at <= 0 ? 0 : f32(at - Math.floor(at)) };
}

const linearPositions = { centred, areaEnlarged };
/** Where a linear resize looks: at half pixels, or as INTER_AREA where a side grows. */
export type LinearPosition = keyof typeof linearPositions;

/** Two taps an output. */
export interface LinearTaps {
  /** Source pixel of the first tap; the second is its neighbour, or idle at weight 0. */
  readonly pixels: Int32Array;
  /** Two weights an output, 11 fractional bits, each rounded by itself. */
  readonly weights: Int16Array;
}

function linearTaps(at: readonly Position[]): LinearTaps {
  const weights = at.flatMap(({ beyond }) => [
    roundHalfEven(f32(f32(1 - beyond) * 2048)),
    roundHalfEven(f32(beyond * 2048)),
  ]);
  return { pixels: Int32Array.from(at, ({ pixel }) => pixel), weights: Int16Array.from(weights) };
}

/** Columns: a position beyond a border moves onto the border's pixel. */
export function linearColumns(
  name: LinearPosition,
  from: number,
  to: number,
  start: number,
  count: number,
): LinearTaps {
  const at = Array.from({ length: count }, (_, i) => {
    const position = linearPositions[name](from, to, start + i);
    if (position.pixel < 0) return { pixel: 0, beyond: 0 };
    return position.pixel >= from - 1 ? { pixel: from - 1, beyond: 0 } : position;
  });
  return linearTaps(at);
}

/** Rows: the weights stay, and `pixels` holds both taps (first all upper, then all lower), each held inside the image. */
export function linearRows(
  name: LinearPosition,
  from: number,
  to: number,
  start: number,
  count: number,
): LinearTaps {
  const at = Array.from({ length: count }, (_, i) => linearPositions[name](from, to, start + i));
  const inside = (row: number) => Math.min(Math.max(row, 0), from - 1);
  const rows = [...at.map(({ pixel }) => inside(pixel)), ...at.map(({ pixel }) => inside(pixel + 1))];
  return { pixels: Int32Array.from(rows), weights: linearTaps(at).weights };
}

/** Weights of the four taps of a cubic with A = -0.75 in float32, then 11 fractional bits, not renormalised. */
function cubicWeights(x: number): readonly number[] {
  const a = f32(-0.75);
  const inner = (t: number) => f32(f32(f32(f32(f32(f32(a + 2) * t) - f32(a + 3)) * t) * t) + 1);
  const x1 = f32(x + 1);
  const c0 = f32(f32(f32(f32(f32(f32(f32(a * x1) - f32(5 * a)) * x1) + f32(8 * a)) * x1)) - f32(4 * a));
  const c1 = inner(x);
  const c2 = inner(f32(1 - x));
  const c3 = f32(f32(f32(1 - c0) - c1) - c2);
  return [c0, c1, c2, c3].map((c) => roundHalfEven(f32(c * 2048)));
}

/** Four taps an output, the second at or before the position. */
export interface CubicTaps {
  /** Source pixel of the first tap; from -2 to the side's length - 2, to be held inside the image by the caller. */
  readonly pixels: Int32Array;
  /** Four weights an output. */
  readonly weights: Int16Array;
}

/** The four taps of each of `count` outputs from `start` on. */
export function cubicTaps(from: number, to: number, start: number, count: number): CubicTaps {
  const at = Array.from({ length: count }, (_, i) => centred(from, to, start + i));
  return {
    pixels: Int32Array.from(at, ({ pixel }) => pixel - 1),
    weights: Int16Array.from(at.flatMap(({ beyond }) => cubicWeights(beyond))),
  };
}

/** INTER_AREA where no side grows: how much of each source pixel lies in output `index`, in float32. */
export function areaTaps(from: number, to: number, index: number): Taps {
  const scale = scaleOf(from, to);
  const start = index * scale;
  const end = start + scale;
  const cell = Math.min(scale, from - start);
  const lastWhole = Math.min(Math.floor(end), from - 1);
  const firstWhole = Math.min(Math.ceil(start), lastWhole);
  const weights: number[] = [];
  let first = firstWhole;
  if (firstWhole - start > 1e-3) {
    first -= 1;
    weights.push(f32((firstWhole - start) / cell));
  }
  for (let s = firstWhole; s < lastWhole; s++) weights.push(f32(1 / cell));
  if (end - lastWhole > 1e-3) weights.push(f32(Math.min(end - lastWhole, 1, cell) / cell));
  return { first, weights };
}
