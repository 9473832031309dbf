import { createRequire } from 'node:module';
import type SharpModule from 'sharp';

/** Sharp's CommonJS build: as ES modules its dozen files take twice the time to load, in each thread. */
// The package exports the same function to both.
export const sharp = createRequire(import.meta.url)('sharp') as typeof SharpModule;
