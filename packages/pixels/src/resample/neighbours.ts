/** Two neighbours for each output, the nearer to the start first, and the share of the second. */
export interface Neighbours {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly shares: Float32Array;
}

/** Where along a side output `index` looks, in source pixels; `scale` = f32(from / to). */
export type Position = (index: number, scale: number) => number;

/** Pixel centres at their corner, in float32: TFLite, and TensorFlow's `resize_bilinear(align_corners=False)`. */
export const atCorners: Position = (index, scale) => Math.fround(index * scale);

/** The neighbours as TensorFlow and TFLite choose them, all in float32. */
export function neighboursAt(
  position: Position,
  from: number,
  to: number,
  start: number,
  count: number,
): Neighbours {
  const scale = Math.fround(from / to);
  const first = new Int32Array(count);
  const second = new Int32Array(count);
  const shares = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const at = position(start + i, scale);
    const floor = Math.floor(at);
    first[i] = Math.max(floor, 0);
    second[i] = Math.min(Math.ceil(at), from - 1);
    // From the floor before it was clamped: at the borders both taps are the same pixel and the share is idle.
    shares[i] = at - floor;
  }
  return { first, second, shares };
}
