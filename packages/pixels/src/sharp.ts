import { createRequire } from 'node:module';
import type SharpModule from 'sharp';

let loaded: typeof SharpModule | null = null;

/**
 * Sharp, loaded when it is first asked for, which takes 40 ms. By its CommonJS build: as ES modules its dozen files take
 * twice the time, in each thread.
 */
export function loadSharp(): typeof SharpModule {
  // The package exports the same function to both.
  loaded ??= createRequire(import.meta.url)('sharp') as typeof SharpModule;
  return loaded;
}
