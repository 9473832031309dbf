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
