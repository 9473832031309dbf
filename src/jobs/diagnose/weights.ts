import type { OnnxGraph } from '../../model/graph/graph.js';
import { dequantized, type ConstantQuantizer } from '../../model/graph/quantizers.js';
import type { DiagnosedQuantizer } from '../../report/diagnosis-schema.js';
import { Histogram, barsOf } from './observe/histogram.js';
import { coarseBars, decibels } from './ranges.js';

type SeenWeights = NonNullable<DiagnosedQuantizer['weights']>;

/** What the stored weights are to the float ones. */
export interface WeightComparison {
  readonly seen: SeenWeights;
  /** Share of the squared difference that one constant added to all weights explains. */
  readonly shift: number;
  /** That constant, in levels. */
  readonly shiftLevels: number;
  /** Factor by which the stored weights are too large. */
  readonly factor: number;
  /** Share of the squared difference that is left when the stored weights are divided by it. */
  readonly leftByFactor: number;
  /** Share of the weights beyond the range. */
  readonly clipped: number;
  /** dB: the best that one scale for all can do with as many levels. */
  readonly bestPerTensor: number | null;
}

/** null where the stored constant can't be read. */
export function compareWeights(
  graph: OnnxGraph,
  quantizer: ConstantQuantizer,
  float: Float32Array,
  channelAxis: number,
): WeightComparison | null {
  const stored = dequantized(graph, quantizer);
  if (stored?.values.length !== float.length) return null;
  const { values, levels } = stored;
  const { grid, dims } = quantizer;
  const channels = dims[channelAxis] ?? 1;
  const inner = dims.slice(channelAxis + 1).reduce((product, dim) => product * dim, 1);
  const signal = new Float64Array(channels);
  const noise = new Float64Array(channels);
  const size = new Float64Array(channels);
  // Symmetric weights leave the lowest level out: -127 to 127.
  const symmetric = grid.lowest < 0 && grid.zeroPoints.every((zero) => zero === 0);
  const lowest = symmetric ? grid.lowest + 1 : grid.lowest;
  let [sum, product, own, clipped, largest] = [0, 0, 0, 0, 0];
  for (let i = 0; i < float.length; i++) {
    const channel = Math.floor(i / inner) % channels;
    const [a, b] = [float[i]!, values[i]!];
    signal[channel]! += a * a;
    noise[channel]! += (b - a) ** 2;
    size[channel] = Math.max(size[channel]!, Math.abs(a));
    sum += b - a;
    product += a * b;
    own += b * b;
    largest = Math.max(largest, Math.abs(b));
    const level = levels[i]!;
    if ((level === grid.highest && a > b) || (level <= lowest && a < b)) clipped++;
  }
  const total = (all: Float64Array): number => all.reduce((x, y) => x + y, 0);
  const [allSignal, allNoise] = [total(signal), total(noise)];
  // Of 8 bits at most: what more bits could do is no fault of these.
  const half = Math.min(127, (grid.highest - grid.lowest - 1) / 2);
  const widest = Math.max(...size);
  const each = float.length / channels;
  const bestNoise = total(size.map((s) => (each * (s / half) ** 2) / 12));
  const factor = allSignal === 0 ? 1 : product / allSignal;
  const mean = sum / Math.max(1, float.length);
  const alive = [...size].filter((s) => s > 0);
  const histogram = new Histogram(Math.max(widest, 1e-30) / 256);
  for (const value of float) histogram.add(value);
  return {
    seen: {
      sqnr: decibels(allSignal, allNoise),
      bestSqnr: decibels(allSignal, bestNoise),
      levelsUsed: new Set(levels).size,
      levels: grid.highest - grid.lowest + 1,
      perChannel: grid.axis !== null,
      channels,
      dead: channels - alive.length,
      spread: alive.length === 0 ? 1 : widest / Math.min(...alive),
      worst: [...size.keys()]
        .flatMap((channel) => {
          const sqnr = decibels(signal[channel]!, noise[channel]!);
          return sqnr === null ? [] : [{ channel, sqnr }];
        })
        .sort((a, b) => a.sqnr - b.sqnr)
        .slice(0, 5),
      histogram: coarseBars(barsOf(histogram.state()), float.length),
    },
    shift: allNoise === 0 ? 0 : (float.length * mean * mean) / allNoise,
    shiftLevels: mean / (grid.scales.reduce((x, y) => x + y, 0) / grid.scales.length),
    factor,
    leftByFactor:
      allNoise === 0 ? 1 : Math.max(0, (own - 2 * factor * product + factor * factor * allSignal) / allNoise),
    clipped: clipped / Math.max(1, float.length),
    bestPerTensor: decibels(allSignal, (float.length * (widest / half) ** 2) / 12),
  };
}
