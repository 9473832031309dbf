import type { PixelBlock } from './recipe.js';
import { loadSharp } from './sharp.js';

/** A crop as a file for people to look at: JPEG for galleries, PNG where the exact pixels matter. Floats are rounded. */
export async function encodeCrop(block: PixelBlock, format: 'jpeg' | 'png'): Promise<Uint8Array> {
  const pixels = block.data instanceof Uint8Array ? block.data : toBytes(block.data);
  const image = loadSharp()(pixels, { raw: { width: block.width, height: block.height, channels: 3 } });
  return format === 'png' ? image.png().toBuffer() : image.jpeg({ quality: 70, mozjpeg: true }).toBuffer();
}

/** float32 pixels are 0..255, or 0..1 where the recipe's range is `unit`. */
function toBytes(values: Float32Array): Uint8Array {
  const scale = values.every((value) => value <= 1) ? 255 : 1;
  return Uint8Array.from(values, (value) => Math.min(255, Math.max(0, Math.round(value * scale))));
}
