import { Kernel } from '../kernel.js';
import { axesOf, remembered } from './axis.js';
import { gatherRows, mixed, type Columns, type GatheredRows, type Mix } from './mixed-rows.js';
import { atCorners, neighboursAt, type Neighbours, type Position } from './neighbours.js';
import { resampler, type Resampler } from './resampler.js';

interface TensorflowKernel {
  /** The last parameter is what each byte is taken times. */
  readonly horizontal: (...pass: [...Parameters<Mix['horizontal']>, share: number]) => void;
  readonly vertical: (source: number, width: number, table: number, count: number, target: number) => void;
}

const kernel = new Kernel<TensorflowKernel>(new URL('../../wasm/tensorflow.wasm', import.meta.url));

const f32 = Math.fround;

/** `tf.image.resize`: pixel centres at half. */
const halfPixel: Position = (index, scale) => f32(f32((index + 0.5) * scale) - 0.5);

/** Entries of 3 words a pixel: left and right, share as float32. */
function columnsOf({ first: left, second: right, shares }: Neighbours): Columns {
  const first = Math.min(...left);
  const entries = new Int32Array(left.length * 3);
  const floats = new Float32Array(entries.buffer);
  for (let i = 0; i < left.length; i++) {
    entries[3 * i] = left[i]! - first;
    entries[3 * i + 1] = right[i]! - first;
    floats[3 * i + 2] = shares[i]!;
  }
  return { first, end: Math.max(...right) + 1, entries, words: 3, offsets: 2 };
}

interface Rows extends GatheredRows {
  readonly shares: Float32Array;
}

function rowsOf({ first, second, shares }: Neighbours): Rows {
  return { ...gatherRows(Int32Array.of(...first, ...second)), shares };
}

/**
 * TensorFlow's ResizeBilinear without antialiasing (core/kernels/image/resize_bilinear_op.cc), eager, no XLA:
 * float32, each operation rounded; the horizontal mix inside the vertical one. Of bytes times `share`, which is 1 or
 * float32(1/255) as `convert_image_dtype` has it; gives floats on that scale.
 */
function bilinear(name: string, position: Position, share: number): Resampler {
  const columns = remembered((...axis) => columnsOf(neighboursAt(position, ...axis)));
  const rows = remembered((...axis) => rowsOf(neighboursAt(position, ...axis)));
  return resampler(
    name,
    'float32',
    (source, size, window) => {
      const { width, height } = window;
      const [across, down] = axesOf(columns, rows, source, size, window);
      const data = mixed(kernel, source, window, across, down, {
        middleBytes: 4,
        targetBytes: 4,
        horizontal(...pass) {
          kernel.call.horizontal(...pass, share);
        },
        words: 3,
        writeTable(table, place) {
          const shares = new Float32Array(table.buffer, table.byteOffset, table.length);
          for (let y = 0; y < height; y++) {
            table[3 * y] = place(0, y);
            table[3 * y + 1] = place(1, y);
            shares[3 * y + 2] = down.shares[y]!;
          }
        },
        vertical(middle, table, target) {
          kernel.call.vertical(middle, width * 3, table, height, target);
        },
      });
      return new Float32Array(data.buffer);
    },
    share,
  );
}

const unitShare = f32(1 / 255);

/** TensorFlow's bilinear resizes, of bytes and (`unit`) of `convert_image_dtype`'s floats from 0 to 1. */
export const tensorflow = {
  bilinear: bilinear('tensorflow-bilinear', halfPixel, 1),
  bilinearLegacy: bilinear('tensorflow-bilinear-legacy', atCorners, 1),
  unit: {
    bilinear: bilinear('tensorflow-bilinear', halfPixel, unitShare),
    bilinearLegacy: bilinear('tensorflow-bilinear-legacy', atCorners, unitShare),
  },
} as const satisfies Record<string, Resampler | Record<string, Resampler>>;
