import type { PixelBlock, Size } from '../recipe.js';
import type { Kernel } from '../kernel.js';

/** The contiguous taps of a stretch of output pixels, packed as a kernel of `two-passes` reads them. */
export interface TapTable {
  /** First source pixel that any entry reads. */
  readonly first: number;
  /** One past the last. */
  readonly end: number;
  /** Source pixels that the kernel reads for each entry, those of weight 0 included. */
  readonly reach: number;
  /** Entries of `words` 32-bit words: the first tap, counted in source pixels from `first`, then the weights. */
  readonly entries: Int32Array;
  readonly words: number;
}

/** A pass of a kernel over memory; addresses and strides in bytes. */
export interface Passes {
  /** Bytes of a value between the passes. */
  readonly middleBytes: 1 | 4;
  horizontal(
    source: number,
    stride: number,
    rows: number,
    table: number,
    count: number,
    target: number,
    targetStride: number,
  ): void;
  vertical(source: number, stride: number, width: number, table: number, count: number, target: number): void;
}

/** Writes a table with offsets in bytes: `unit` bytes from one source pixel (or row) to the next. */
export function writeTable(
  bytes: Uint8Array,
  address: number,
  { entries, words }: TapTable,
  unit: number,
): void {
  const target = new Int32Array(bytes.buffer, address, entries.length);
  target.set(entries);
  for (let i = 0; i < entries.length; i += words) target[i] = entries[i]! * unit;
}

/** Rows that are copied in and shrunk at once: they stay in the cache, and wide images need little memory. */
const bandRows = 64;

/**
 * A separable resize of RGB bytes, the horizontal pass first. `window` is the part that the tables stand for.
 * Only the columns and rows that the tables reach are read.
 */
export function twoPasses<Functions>(
  kernel: Kernel<Functions>,
  passes: Passes,
  source: { readonly width: number; readonly data: Uint8Array },
  window: Size,
  across: TapTable,
  down: TapTable,
): PixelBlock {
  const { width, height } = window;
  const values = width * 3;
  const rows = down.end - down.first;
  // Horizontal kernels write up to four values past each row.
  const middleStride = Math.ceil(((values + 4) * passes.middleBytes) / 16) * 16;
  const stride = source.width * 3;
  const { bytes, addresses } = kernel.reserve(
    stride * Math.min(bandRows, rows) + across.reach * 3,
    across.entries.byteLength,
    middleStride * (rows + down.reach),
    down.entries.byteLength,
    values * height,
  );
  const [band, acrossTable, middle, downTable, target] = addresses as [
    number,
    number,
    number,
    number,
    number,
  ];
  writeTable(bytes, acrossTable, across, 3);
  writeTable(bytes, downTable, down, middleStride);
  for (let y = 0; y < rows; y += bandRows) {
    const count = Math.min(bandRows, rows - y);
    const start = (down.first + y) * stride + across.first * 3;
    const end = (down.first + y + count - 1) * stride + across.end * 3;
    bytes.set(source.data.subarray(start, end), band);
    passes.horizontal(band, stride, count, acrossTable, width, middle + y * middleStride, middleStride);
  }
  passes.vertical(middle, middleStride, values, downTable, height, target);
  return { width, height, data: bytes.slice(target, target + values * height) };
}
