import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Recipe, RgbImage } from '../src/recipe.js';

/** Folder of the image files that test/fixtures/images/make.py draws. */
export const imagesDir = fileURLToPath(new URL('./fixtures/images/', import.meta.url));

export function sha256(bytes: Uint8Array | Float32Array): string {
  const view = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return createHash('sha256').update(view).digest('hex');
}

/** An image of noise: SHAKE128 of its name, as make.py draws it too. */
export function noise(name: string, width: number, height: number): RgbImage {
  const outputLength = width * height * 3;
  return { width, height, data: createHash('shake128', { outputLength }).update(name).digest() };
}

/** A recipe that does nothing, with some of its fields changed. */
export function recipe(changes: Partial<Recipe>): Recipe {
  return {
    name: null,
    decode: 'pillow',
    centralFraction: null,
    range: 'bytes',
    resize: { kind: 'none' },
    filter: null,
    crop: null,
    channelOrder: 'rgb',
    normalize: [],
    ...changes,
  };
}

/** What Pillow made of a file: its pixels' hash, or its refusal. */
export type PillowResult =
  | { readonly mode: string; readonly width: number; readonly height: number; readonly sha256: string }
  | { readonly error: string };

export function pillowResults(): Record<string, PillowResult> {
  const text = readFileSync(`${imagesDir}expected.json`, 'utf8');
  return (JSON.parse(text) as { files: Record<string, PillowResult> }).files;
}
