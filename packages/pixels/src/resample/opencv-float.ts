import { axesOf } from './axis.js';
import type { Neighbours } from './neighbours.js';
import { resampler } from './resampler.js';

const f32 = Math.fround;

/** Pixel centres at half; beyond the outermost centres the border's pixel alone. Positions in float64, shares in float32. */
function tapsOf(from: number, to: number, start: number, count: number): Neighbours {
  const scale = from / to;
  const first = new Int32Array(count);
  const second = new Int32Array(count);
  const shares = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const at = (start + i + 0.5) * scale - 0.5;
    const floor = Math.floor(at);
    const inside = floor >= 0 && floor < from - 1;
    first[i] = Math.min(Math.max(floor, 0), from - 1);
    second[i] = inside ? floor + 1 : first[i]!;
    shares[i] = inside ? at - floor : 0;
  }
  return { first, second, shares };
}

/** a + (b - a) * share with the difference rounded to float32, and once more at the end: a fused multiply-add. */
function between(a: number, b: number, share: number): number {
  return f32(a + f32(b - a) * share);
}

/**
 * `cv2.resize(image.astype(float32), size, interpolation=INTER_LINEAR)` as the x86-64 wheels of opencv-python have it,
 * which resize floats by Intel IPP: along the rows first, then along the columns, each by a fused multiply-add. OpenCV's
 * own code, without IPP, rounds positions to float32 and differs by up to 0.004 of 255. Met for images of 32 pixels and
 * more a side; of smaller ones IPP makes the border columns otherwise, in the last bit.
 */
export const opencvLinearFloat = resampler('opencv-linear-float', 'float32', (source, size, window) => {
  const { width, height } = window;
  const [columns, rows] = axesOf(tapsOf, tapsOf, source, size, window);
  const across = new Map<number, Float32Array>();
  const rowOf = (y: number): Float32Array => {
    const known = across.get(y);
    if (known !== undefined) return known;
    const row = new Float32Array(width * 3);
    const start = y * source.width * 3;
    for (let x = 0; x < width; x++) {
      const a = start + columns.first[x]! * 3;
      const b = start + columns.second[x]! * 3;
      const share = columns.shares[x]!;
      for (let c = 0; c < 3; c++) row[x * 3 + c] = between(source.data[a + c]!, source.data[b + c]!, share);
    }
    across.set(y, row);
    return row;
  };
  const data = new Float32Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const upper = rowOf(rows.first[y]!);
    const lower = rowOf(rows.second[y]!);
    const share = rows.shares[y]!;
    for (let i = 0; i < width * 3; i++) data[y * width * 3 + i] = between(upper[i]!, lower[i]!, share);
    // Rows above are not asked for again.
    for (const old of across.keys()) if (old < rows.first[y]!) across.delete(old);
  }
  return data;
});
