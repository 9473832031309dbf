import { decode } from 'reference-pixels/decode';
import { prepare } from 'reference-pixels/prepare';
import type { DecodeName, PixelBlock, Recipe, RgbImage } from 'reference-pixels/recipe';
import { EvalError, messageOf } from '../domain/errors.js';
import { late, withDeadline } from './deadline.js';
import type { JobImage, PlainFault } from './messages.js';

/** An image after decode, resize and crop: one block for each distinct recipe, by the recipe's index. */
export interface PreparedImage {
  readonly image: JobImage;
  readonly blocks: ReadonlyMap<number, PixelBlock>;
}

/** What came of an image: its pixels and the seconds that they took, or why there are none. */
export type Preparation =
  | {
      readonly kind: 'prepared';
      readonly prepared: PreparedImage;
      readonly decodeSeconds: number;
      readonly prepareSeconds: number;
    }
  | { readonly kind: 'bad'; readonly image: JobImage; readonly fault: PlainFault };

/** Decodes an image once for each decoder and prepares it once for each recipe that `wanted` names. */
export async function prepareImage(
  image: JobImage,
  wanted: ReadonlySet<number>,
  recipes: readonly Recipe[],
  decodeTimeoutMs: number,
): Promise<Preparation> {
  const { bytes } = image;
  if (bytes === null) throw new TypeError(`the encoded file of ${image.id} is not at hand`);
  const decoded = new Map<DecodeName, RgbImage>();
  const blocks = new Map<number, PixelBlock>();
  let decodeSeconds = 0;
  let prepareSeconds = 0;
  try {
    for (const index of wanted) {
      const recipe = recipes[index]!;
      let pixels = decoded.get(recipe.decode);
      if (pixels === undefined) {
        const start = performance.now();
        const result = await withDeadline(decode(bytes, recipe.decode, decodeTimeoutMs), decodeTimeoutMs);
        if (result === late) return { kind: 'bad', image, fault: tooLate(decodeTimeoutMs) };
        pixels = result;
        decoded.set(recipe.decode, pixels);
        decodeSeconds += (performance.now() - start) / 1000;
      }
      const start = performance.now();
      blocks.set(index, prepare(pixels, recipe));
      prepareSeconds += (performance.now() - start) / 1000;
    }
  } catch (error) {
    const fault = plainFault(error, 'decode-failed');
    return { kind: 'bad', image, fault: fault.code === 'decode-timeout' ? tooLate(decodeTimeoutMs) : fault };
  }
  return { kind: 'prepared', prepared: { image, blocks }, decodeSeconds, prepareSeconds };
}

function tooLate(ms: number): PlainFault {
  return {
    code: 'decode-timeout',
    what: `decoding took longer than ${ms / 1000} s and was given up`,
    remedy: 'Look at the file; engine.decode_timeout_seconds sets the time.',
  };
}

/** Any error as it can cross threads. */
export function plainFault(error: unknown, code: string): PlainFault {
  return error instanceof EvalError
    ? { code: error.code, what: error.what, remedy: error.remedy }
    : { code, what: messageOf(error), remedy: null };
}
