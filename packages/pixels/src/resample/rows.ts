/** A run of rows that are brought in and worked on at once: they stay in the cache, and large images need little memory. */
export interface Band {
  readonly rows: readonly number[];
  /** Where the band starts in the whole list. */
  readonly start: number;
}

/** Rows of a band at the most. */
export const bandRows = 64;

/** `rows` in bands. */
export function* bandsOf(rows: readonly number[]): Generator<Band> {
  for (let start = 0; start < rows.length; start += bandRows) {
    yield { rows: rows.slice(start, start + bandRows), start };
  }
}

/** `count` rows from `first` on. */
export function rowsFrom(first: number, count: number): number[] {
  const rows = new Array<number>(count);
  for (let i = 0; i < count; i++) rows[i] = first + i;
  return rows;
}

/** Bytes from one row to the next for `values` values of `size` bytes: whole vectors, and one pixel more for kernels to write. */
export function paddedRow(values: number, size: number): number {
  return Math.ceil(((values + 4) * size) / 16) * 16;
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

/** `rows` rows of `rowBytes` bytes that lie `stride` apart, as an array without gaps; moves them together where they are. */
export function closeRows(
  bytes: Uint8Array,
  at: number,
  stride: number,
  rowBytes: number,
  rows: number,
): Uint8Array {
  for (let y = 1; y < rows; y++) {
    const start = at + y * stride;
    bytes.copyWithin(at + y * rowBytes, start, start + rowBytes);
  }
  return bytes.slice(at, at + rowBytes * rows);
}

/** Writes table entries of `words` words whose first `offsets` are source pixels (or rows): as bytes, `unit` for each beyond `less`. */
export function writeTable(
  bytes: Uint8Array,
  address: number,
  {
    entries,
    words,
    offsets = 1,
  }: { readonly entries: Int32Array; readonly words: number; readonly offsets?: number },
  unit: number,
  less = 0,
): void {
  const target = new Int32Array(bytes.buffer, address, entries.length);
  target.set(entries);
  for (let i = 0; i < entries.length; i += words) {
    for (let j = i; j < i + offsets; j++) target[j] = (entries[j]! - less) * unit;
  }
}
