import type { Taps } from './taps.js';

/** A filter of Pillow's resampler, which is torch's too: its value at x, zero beyond `support`. */
export interface Filter {
  readonly support: number;
  readonly at: (x: number) => number;
}

function sinc(x: number): number {
  if (x === 0) return 1;
  const angle = x * Math.PI;
  return Math.sin(angle) / angle;
}

/** Pillow's filters (src/libImaging/Resample.c), in float64; bicubic is Keys' with a = -0.5. */
export const filters = {
  box: { support: 0.5, at: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, at: (x) => Math.max(1 - Math.abs(x), 0) },
  hamming: {
    support: 1,
    at(x) {
      const distance = Math.abs(x);
      if (distance === 0) return 1;
      if (distance >= 1) return 0;
      const angle = distance * Math.PI;
      return (Math.sin(angle) / angle) * (Math.fround(0.54) + Math.fround(0.46) * Math.cos(angle));
    },
  },
  bicubic: {
    support: 2,
    at(x) {
      const d = Math.abs(x);
      if (d < 1) return (1.5 * d - 2.5) * d * d + 1;
      if (d < 2) return (((d - 5) * d + 8) * d - 4) * -0.5;
      return 0;
    },
  },
  lanczos: { support: 3, at: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
} as const satisfies Record<string, Filter>;

/** The taps of output pixel `index` of a side resized from `from` to `to` pixels, normalised in float64. */
export function tapsOf(filter: Filter, from: number, to: number, index: number): Taps {
  const scale = from / to;
  const stretch = Math.max(scale, 1);
  const support = filter.support * stretch;
  const shrink = 1 / stretch;
  const centre = (index + 0.5) * scale;
  const first = Math.max(Math.trunc(centre - support + 0.5), 0);
  const end = Math.min(Math.trunc(centre + support + 0.5), from);
  const values: number[] = [];
  let sum = 0;
  for (let x = first; x < end; x++) {
    const value = filter.at((x - centre + 0.5) * shrink);
    values.push(value);
    sum += value;
  }
  return { first, weights: sum === 0 ? values : values.map((value) => value / sum) };
}
