import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { RgbImage } from '../src/recipe.js';

/**
 * The image of a fixture's case, by the formula of test/fixtures/frameworks/make.py.
 * Even seeds: noise. Odd seeds: the same noise as 0 or 255, where rounding and clipping show most.
 */
export function madeImage(width: number, height: number, seed: number): RgbImage {
  const data = new Uint8Array(width * height * 3);
  const start = Math.imul(seed, 40503);
  for (let i = 0; i < data.length; i++) {
    let h = (Math.imul(i, 2654435761) + start) | 0;
    h ^= h >>> 15;
    h = Math.imul(h, 2246822519);
    h ^= h >>> 13;
    h = Math.imul(h, 3266489917);
    h ^= h >>> 16;
    const byte = h & 255;
    data[i] = seed % 2 === 1 ? (byte >= 128 ? 255 : 0) : byte;
  }
  return { width, height, data };
}

/** Each byte in each channel, another in each: 256 pixels in a row. */
export function everyByte(): RgbImage {
  const data = new Uint8Array(256 * 3);
  for (let n = 0; n < 256; n++) data.set([n, (n * 7 + 3) % 256, 255 - n], n * 3);
  return { width: 256, height: 1, data };
}

/** SHA-256 of the elements' bytes, little-endian. */
export function sha256(data: Uint8Array | Float32Array | Int8Array): string {
  return createHash('sha256')
    .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .digest('hex');
}

/** Width and height in, width and height out, seed, SHA-256 of the result. */
export type Case = readonly [number, number, number, number, number, string];

interface Fixture {
  readonly resamples: Readonly<Record<string, readonly Case[]>>;
  readonly floats?: Readonly<Record<string, readonly Case[]>>;
  readonly tensors?: Readonly<Record<string, string>>;
}

/** A file that make.py wrote, by its name. */
export function fixture(name: string): Fixture {
  const file = new URL(`./fixtures/frameworks/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Fixture; // make.py writes this shape
}

/** Every resize that the fixtures hold, with the filter that must meet it. */
export function resamples(): readonly (readonly [string, readonly Case[]])[] {
  return ['opencv', 'opencv-float', 'tensorflow', 'torchvision', 'torchvision-float'].flatMap((name) =>
    Object.entries(fixture(name).resamples),
  );
}
