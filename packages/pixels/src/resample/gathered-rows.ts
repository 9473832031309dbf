/** The source rows that a few taps an output row read: each once, ascending. */
export interface GatheredRows {
  readonly rows: readonly number[];
  /** For each tap, where its row stands in `rows`. */
  readonly places: Int32Array;
}

/** `taps`: source row numbers, in any order. */
export function gatherRows(taps: Int32Array): GatheredRows {
  const rows = [...new Set(taps)].sort((a, b) => a - b);
  const place = new Map(rows.map((row, index) => [row, index]));
  return { rows, places: taps.map((row) => place.get(row)!) };
}

/** A run of rows that are brought in and worked on at once, so that they stay in the processor's cache. */
export interface Band {
  readonly rows: readonly number[];
  /** Where the band starts in the whole list. */
  readonly start: number;
}

const bandRows = 64;

/** `rows` in bands. */
export function* bandsOf(rows: readonly number[]): Generator<Band> {
  for (let start = 0; start < rows.length; start += bandRows) {
    yield { rows: rows.slice(start, start + bandRows), start };
  }
}

/** The most rows that a band of `rows` has. */
export function bandHeight(rows: readonly number[]): number {
  return Math.min(bandRows, rows.length);
}

/**
 * Copies source rows into `target` from byte `at` on, each at a stride of `values` bytes, from byte `start` of
 * the row; runs of neighbouring rows in one go.
 */
export function copyRows(
  target: Uint8Array,
  at: number,
  source: Uint8Array,
  values: number,
  start: number,
  rows: readonly number[],
): void {
  for (let i = 0; i < rows.length;) {
    const first = rows[i]!;
    let count = 1;
    while (rows[i + count] === first + count) count += 1;
    // The last row of an image ends before its stride does, where `start` is not 0.
    const end = Math.min((first + count) * values + start, source.length);
    target.set(source.subarray(first * values + start, end), at + i * values);
    i += count;
  }
}
