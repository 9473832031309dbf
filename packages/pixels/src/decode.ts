import { decodeLikeOpencv } from './decode/opencv.js';
import { decodeLikePillow } from './decode/pillow.js';
import { decodeFastDct } from './decode/fast-dct.js';
import type { DecodeName, RgbImage } from './recipe.js';

/**
 * A file's bytes to RGB, as the named library decodes them.
 * Throws an ImageError (`where` null: the caller knows the name) for bytes it can't reproduce, and `decode-timeout` after
 * `milliseconds` where it works in the caller's thread: no timer could stop it there.
 */
export type Decoder = (bytes: Uint8Array, milliseconds?: number) => Promise<RgbImage>;

/** Every decode a recipe can name. */
export const decoders = {
  pillow: decodeLikePillow,
  opencv: decodeLikeOpencv,
  'tensorflow-fast-dct': decodeFastDct,
} as const satisfies Record<DecodeName, Decoder>;

/** Decodes the bytes of one JPEG or PNG file; see `Decoder`. */
export function decode(bytes: Uint8Array, name: DecodeName, milliseconds?: number): Promise<RgbImage> {
  const decoder: Decoder = decoders[name];
  return decoder(bytes, milliseconds);
}
