import { remembered, type AxisMaker } from './axis.js';

/** Which source pixels make one output pixel, from `first` on, and with what weights. */
export interface Taps {
  readonly first: number;
  readonly weights: readonly number[];
}

/** The taps of a stretch of output pixels, packed as the kernels read them (assembly/shared/passes.ts). */
export interface TapTable {
  /** First source pixel that any entry reads. */
  readonly first: number;
  /** One past the last. */
  readonly end: number;
  /** Source pixels that the kernel reads for each entry, those of weight 0 included. */
  readonly reach: number;
  /** Fractional bits of the weights; 0 where they are floats. */
  readonly shift: number;
  /** Entries of `words` 32-bit words: the first tap, counted in source pixels from `first`, then the weights. */
  readonly entries: Int32Array;
  readonly words: number;
}

/**
 * How weights lie in a table: floats; integers of 16 bits by pairs; wider ones by pairs, two low halves of 15 bits and
 * then two high ones. A step is what stands together: so many `taps`, in so many `words`.
 */
const packings = {
  f32: { taps: 1, words: 1 },
  i16: { taps: 2, words: 1 },
  i32: { taps: 2, words: 2 },
} as const;

/** How weights lie in a table: see `packings`. */
export type Packing = keyof typeof packings;

/**
 * Entries all of the same length, integers rounded half away from zero to `shift` fractional bits: zeros before or
 * after the weights, so that none reads beyond what some entry needs.
 */
function tapTable(packing: Packing, taps: readonly Taps[], shift: number): TapTable {
  const step = packings[packing];
  const first = Math.min(...taps.map((tap) => tap.first));
  const end = Math.max(...taps.map((tap) => tap.first + tap.weights.length));
  const steps = Math.ceil(Math.max(...taps.map((tap) => tap.weights.length)) / step.taps);
  const reach = steps * step.taps;
  const words = 1 + steps * step.words;
  const entries = new Int32Array(taps.length * words);
  const floats = new Float32Array(entries.buffer);
  const lanes = new Int16Array(entries.buffer);
  const one = 2 ** shift;
  taps.forEach((tap, index) => {
    const start = Math.max(Math.min(tap.first, end - reach), first);
    const at = index * words;
    entries[at] = start - first;
    tap.weights.forEach((weight, i) => {
      const place = tap.first - start + i;
      const fixed = Math.trunc(weight * one + (weight < 0 ? -0.5 : 0.5));
      if (packing === 'f32') {
        floats[at + 1 + place] = weight;
      } else if (packing === 'i16') {
        lanes[2 * at + 2 + place] = fixed;
      } else {
        const lane = 2 * at + 2 + (place >> 1) * 4 + (place & 1);
        lanes[lane] = fixed & 0x7fff;
        lanes[lane + 2] = fixed >> 15;
      }
    });
  });
  return { first, end, reach, shift, entries, words };
}

/**
 * Tables of the taps that `tapsOf` gives for each output of a side. Integer weights have as many fractional bits as
 * `bitsOf` says.
 */
export function tapTables(
  packing: Packing,
  tapsOf: (from: number, to: number, index: number) => Taps,
  bitsOf: (from: number, to: number) => number = () => 0,
): AxisMaker<TapTable> {
  return remembered((from, to, start, count) => {
    const taps = Array.from({ length: count }, (_, i) => tapsOf(from, to, start + i));
    return tapTable(packing, taps, bitsOf(from, to));
  });
}
