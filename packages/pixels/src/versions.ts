import { readFileSync } from 'node:fs';

import { loadSharp } from './sharp.js';

/** This package's manifest; npm gives it a version. */
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/**
 * What makes the pixels: this package, sharp, libvips and its JPEG library; part of every figure's provenance.
 * A release of this package that moves a byte of any image, or takes or refuses another file, raises its minor version at least.
 */
export function pixelVersions(): PixelVersions {
  const { sharp, vips, mozjpeg = 'none' } = loadSharp().versions;
  return { 'reference-pixels': version, sharp, vips, mozjpeg };
}

/** Versions of what makes the pixels, by name. */
export type PixelVersions = Readonly<Record<'reference-pixels' | 'sharp' | 'vips' | 'mozjpeg', string>>;
