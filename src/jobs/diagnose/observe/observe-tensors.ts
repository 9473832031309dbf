import type { ComputedTensor } from '../../../runtime/onnxruntime/graph.js';
import { Histogram } from './histogram.js';
import type { Observation, TensorToObserve } from './observation.js';

type Compute = (
  network: 'float' | 'int8',
  image: number,
  outputs: readonly string[],
) => Promise<ReadonlyMap<string, ComputedTensor>>;

/** Bytes of tensors that are in memory at a time, of each network. */
const BUDGET = 96 * 1024 * 1024;
/** Tensors computed together before their sizes are known. */
const FIRST_GROUP = 16;

/** Runs both networks on `images` images (batches, where a file's batch is fixed) and sums up each tensor; null for one that could not be computed. */
export async function observeTensors(
  tensors: readonly TensorToObserve[],
  images: number,
  compute: Compute,
): Promise<(Observation | null)[]> {
  const sums = tensors.map((tensor) => new TensorSum(tensor));
  let groups = grouped(tensors.map(() => BUDGET / FIRST_GROUP));
  for (let image = 0; image < images; image++) {
    const sizes = tensors.map(() => 0);
    for (const group of groups) {
      const names = (network: 'float' | 'int8'): string[] => [
        ...new Set(group.flatMap((place) => tensors[place]![network] ?? [])),
      ];
      const float = await computed(compute, 'float', image, names('float'));
      const int8 = await computed(compute, 'int8', image, names('int8'));
      for (const place of group) {
        const { float: name, int8: other } = tensors[place]!;
        const [a, b] = [name === null ? null : (float.get(name) ?? null), int8.get(other) ?? null];
        sizes[place] = 4 * Math.max(a?.data.length ?? 0, b?.data.length ?? 0);
        sums[place]!.add(a, b);
      }
    }
    if (image === 0) groups = grouped(sizes);
  }
  return sums.map((sum) => sum.result());
}

async function computed(
  compute: Compute,
  network: 'float' | 'int8',
  image: number,
  names: readonly string[],
): Promise<ReadonlyMap<string, ComputedTensor>> {
  return names.length === 0 ? new Map() : compute(network, image, names);
}

/** Places in groups of which none holds more than the budget, but for a tensor that does so alone. */
function grouped(sizes: readonly number[]): number[][] {
  const groups: number[][] = [];
  let left = 0;
  sizes.forEach((size, place) => {
    if (groups.length === 0 || size > left) {
      groups.push([]);
      left = BUDGET;
    }
    groups.at(-1)!.push(place);
    left -= size;
  });
  return groups;
}

class TensorSum {
  private count = 0;
  private min = Infinity;
  private max = -Infinity;
  private sum = 0;
  private signal = 0;
  private noise = 0;
  private compared = false;
  private mismatch = false;
  private below = 0;
  private above = 0;
  private clipError = 0;
  private roundError = 0;
  private lowestLevel = 0;
  private highestLevel = 0;
  private readonly levels: Uint32Array | null;
  private readonly histogram: Histogram;
  private channels: Float32Array | null = null;

  constructor(private readonly observed: TensorToObserve) {
    const { grid } = observed;
    this.levels = grid === null ? null : new Uint32Array(grid.highest - grid.lowest + 1);
    // Of one start for all threads, whatever they see first.
    const span = grid === null ? 2 ** -6 : (grid.highest - grid.lowest) * grid.scale;
    this.histogram = new Histogram(Math.max(span, 1e-30) / 512);
  }

  add(float: ComputedTensor | null, int8: ComputedTensor | null): void {
    const main = float ?? int8;
    if (main === null) return;
    this.addValues(main);
    if (int8 !== null) this.addEnds(int8.data);
    if (float === null || int8 === null) return;
    if (float.data.length !== int8.data.length) {
      this.mismatch = true;
      return;
    }
    this.compared = true;
    let noise = 0;
    for (let i = 0; i < float.data.length; i++) noise += (float.data[i]! - int8.data[i]!) ** 2;
    this.noise += noise;
  }

  private addValues({ data, dims }: ComputedTensor): void {
    const { grid } = this.observed;
    const channels = dims.length >= 3 ? dims[1]! : 0;
    const inner = channels === 0 ? 1 : data.length / dims[0]! / channels;
    if (channels > 0) this.channels ??= new Float32Array(channels);
    let [min, max, sum, signal] = [this.min, this.max, 0, 0];
    for (let i = 0; i < data.length; i++) {
      const value = data[i]!;
      if (value < min) min = value;
      if (value > max) max = value;
      sum += value;
      signal += value * value;
      this.histogram.add(value);
      if (this.channels !== null) {
        const channel = Math.floor(i / inner) % channels;
        const size = Math.abs(value);
        if (size > this.channels[channel]!) this.channels[channel] = size;
      }
    }
    this.count += data.length;
    this.min = min;
    this.max = max;
    this.sum += sum;
    this.signal += signal;
    if (grid !== null) this.addQuantized(data, grid);
  }

  private addQuantized(data: ComputedTensor['data'], grid: NonNullable<TensorToObserve['grid']>): void {
    const { scale, zeroPoint, lowest, highest } = grid;
    const levels = this.levels!;
    let [below, above, clip, rounding] = [0, 0, 0, 0];
    for (const value of data) {
      const level = Math.round(value / scale) + zeroPoint;
      const clamped = level < lowest ? lowest : level > highest ? highest : level;
      const error = (value - (clamped - zeroPoint) * scale) ** 2;
      if (level < lowest) {
        below++;
        clip += error;
      } else if (level > highest) {
        above++;
        clip += error;
      } else rounding += error;
      levels[clamped - lowest]!++;
    }
    this.below += below;
    this.above += above;
    this.clipError += clip;
    this.roundError += rounding;
  }

  /** Of the int8 network's own values, those that stand at an end of the range. */
  private addEnds(data: ComputedTensor['data']): void {
    const { grid } = this.observed;
    if (grid === null) return;
    const low = (grid.lowest - grid.zeroPoint + 0.5) * grid.scale;
    const high = (grid.highest - grid.zeroPoint - 0.5) * grid.scale;
    for (const value of data) {
      if (value <= low) this.lowestLevel++;
      else if (value >= high) this.highestLevel++;
    }
  }

  result(): Observation | null {
    if (this.count === 0) return null;
    const used = this.levels?.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0) ?? 0;
    return {
      count: this.count,
      min: this.min,
      max: this.max,
      sum: this.sum,
      signal: this.signal,
      noise: this.compared && !this.mismatch ? this.noise : null,
      mismatch: this.mismatch,
      below: this.below,
      above: this.above,
      clipError: this.clipError,
      roundError: this.roundError,
      lowestLevel: this.lowestLevel,
      highestLevel: this.highestLevel,
      levels: this.levels,
      levelsUsed: used,
      histogram: this.histogram.state(),
      channels: this.channels,
    };
  }
}
