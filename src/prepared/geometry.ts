import { createHash } from 'node:crypto';
import type { Recipe } from 'reference-pixels/recipe';
import { pixelVersions } from 'reference-pixels/versions';
import type { Sha256 } from '../domain/domain.js';

/** The part of a recipe that decides a prepared image: all but channel order and normalisation. */
export type Geometry = Omit<Recipe, 'name' | 'channelOrder' | 'normalize'>;

/** The part of a recipe that decides a prepared image. */
export function geometryOf({ decode, centralFraction, range, resize, filter, crop }: Recipe): Geometry {
  return { decode, centralFraction, range, resize, filter, crop };
}

/** What made the pixels: another version is another folder. */
export function pixelMaker(): Readonly<Record<string, string>> {
  return { ...pixelVersions(), arch: process.arch };
}

/** SHA-256 of the geometry and of the versions that make it, as JSON in fixed key order. */
export function geometryDigest(recipe: Recipe): Sha256 {
  return createHash('sha256')
    .update(JSON.stringify([geometryOf(recipe), pixelMaker()]))
    .digest('hex');
}
