/** Bars on either side of zero. */
const HALF = 512;

/** A histogram as it crosses threads: bar i counts values from (i - HALF) * width up to (i + 1 - HALF) * width. */
export interface HistogramState {
  readonly width: number;
  readonly counts: Float64Array;
}

/**
 * Counts of values in bars of one width about zero. The width doubles when a value lies outside, two bars becoming one, so
 * nothing need be known of the values beforehand, each is counted once and two histograms of one start add exactly.
 */
export class Histogram {
  private counts = new Float64Array(2 * HALF);

  constructor(public width: number) {}

  add(value: number): void {
    let bar = Math.floor(value / this.width) + HALF;
    while (bar < 0 || bar >= 2 * HALF) {
      if (!Number.isFinite(value)) return;
      this.widen();
      bar = Math.floor(value / this.width) + HALF;
    }
    this.counts[bar]!++;
  }

  state(): HistogramState {
    return { width: this.width, counts: this.counts };
  }

  private widen(): void {
    this.counts = halved(this.counts);
    this.width *= 2;
  }
}

function halved(counts: Float64Array): Float64Array<ArrayBuffer> {
  const wider = new Float64Array(2 * HALF);
  // Pairs meet about zero: bars HALF and HALF + 1 become HALF.
  counts.forEach((count, bar) => {
    wider[Math.floor((bar - HALF) / 2) + HALF]! += count;
  });
  return wider;
}

/** Both together; their widths are one width times powers of two. */
export function addHistograms(a: HistogramState, b: HistogramState): HistogramState {
  let [left, right] = [a, b];
  while (left.width < right.width) left = { width: left.width * 2, counts: halved(left.counts) };
  while (right.width < left.width) right = { width: right.width * 2, counts: halved(right.counts) };
  return { width: left.width, counts: left.counts.map((count, bar) => count + right.counts[bar]!) };
}

/** A bar of a histogram that isn't empty. */
export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

export function barsOf({ width, counts }: HistogramState): Bar[] {
  const bars: Bar[] = [];
  counts.forEach((count, bar) => {
    if (count > 0) bars.push({ from: (bar - HALF) * width, to: (bar + 1 - HALF) * width, count });
  });
  return bars;
}

/** The value that a share of all values lies below, to within a bar. */
export function percentileOf(state: HistogramState, share: number): number {
  const bars = barsOf(state);
  const all = bars.reduce((sum, { count }) => sum + count, 0);
  let before = 0;
  for (const { from, to, count } of bars) {
    if (before + count >= share * all) return from + (to - from) * ((share * all - before) / count);
    before += count;
  }
  return bars.at(-1)?.to ?? 0;
}
