import { decodeLikePillow } from './decode/pillow.js';
import { decodeFastDct } from './decode/fast-dct.js';
import type { DecodeName, RgbImage } from './recipe.js';

/**
 * A file's bytes to RGB, as the named library decodes them.
 * Throws an ImageError (`where` null: the caller knows the name) for bytes it can't reproduce.
 */
export type Decoder = (bytes: Uint8Array) => Promise<RgbImage>;

/** Every decode a recipe can name. */
export const decoders = {
  pillow: decodeLikePillow,
  'tensorflow-fast-dct': decodeFastDct,
} as const satisfies Record<DecodeName, Decoder>;

/** Decodes the bytes of one JPEG or PNG file. */
export function decode(bytes: Uint8Array, name: DecodeName): Promise<RgbImage> {
  return decoders[name](bytes);
}
