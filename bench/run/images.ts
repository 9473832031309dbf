import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** JPEG files of a folder, by name. */
export function imagesOf(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /\.jpe?g$/i.test(name))
    .sort();
}

/**
 * Fills `target` with `count` links to the images of `folder`, over and over: a data set of any size that takes no
 * disk. The WNID stays in front, so that `labels: filenames` reads them.
 */
export function repeatImages(folder: string, target: string, count: number): void {
  const names = imagesOf(folder);
  mkdirSync(target, { recursive: true });
  for (let i = 0; i < count; i++) {
    const name = names[i % names.length]!;
    const copy = String(Math.floor(i / names.length)).padStart(4, '0');
    symlinkSync(resolve(folder, name), join(target, name.replace(/(\.\w+)$/, `_r${copy}$1`)));
  }
}
