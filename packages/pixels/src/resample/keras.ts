import { pillow } from './pillow.js';
import type { Resampler } from './resampler.js';

/**
 * Keras' resizes. `load_img(target_size=...)` resizes with Pillow, by default NEAREST; the other
 * interpolations of `load_img` are the pillow filters of the same names.
 */
export const keras = {
  nearest: pillow.nearest,
} as const satisfies Record<string, Resampler>;
