import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { DatasetError, messageOf } from '../domain/errors.js';
import { baseName, numberedName, stem } from './image-name.js';

export interface Exclusion<Sample> {
  readonly rest: readonly Sample[];
  /** How many images the list took out. */
  readonly count: number;
  /** File name of the list, or null without one. */
  readonly list: string | null;
  readonly notes: readonly string[];
}

/**
 * Leaves out the images that a list names: an id, a file name with or without ending, or the number in the file's name a line
 * (as the devkit's list of 1762 badly labelled validation images); `#` begins a comment.
 * Throws DatasetError where the list can't be read or names none of the images.
 */
export async function readExclusions<Sample extends { readonly entry: { readonly id: string } }>(
  path: string | null,
  samples: readonly Sample[],
): Promise<Exclusion<Sample>> {
  if (path === null) return { rest: samples, count: 0, list: null, notes: [] };
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new DatasetError({
      code: 'exclusions-not-found',
      what: `the list of images to leave out can't be read: ${messageOf(cause)}`,
      where: path,
      remedy: null,
      cause,
    });
  });
  const lines = text.split(/\r?\n/).map((line) => line.replace(/#.*/, '').trim());
  const names = new Set(lines.filter((line) => line !== '' && !/^\d+$/.test(line)));
  const numbers = new Set(lines.filter((line) => /^\d+$/.test(line)).map(Number));
  const found = new Set<string | number>();
  const rest = samples.filter(({ entry: { id } }) => {
    const number = numberedName(id)?.number;
    const hits = [
      ...[id, baseName(id), stem(id)].filter((name) => names.has(name)),
      ...(number !== undefined && numbers.has(number) ? [number] : []),
    ];
    for (const hit of hits) found.add(hit);
    return hits.length === 0;
  });
  const stated = names.size + numbers.size;
  if (found.size === 0 && stated > 0) {
    throw new DatasetError({
      code: 'exclusions-unknown',
      what: `none of the ${stated} images that it names is in the data set`,
      where: path,
      remedy: 'Expected an image id, a file name or an image number a line.',
    });
  }
  const unknown = stated - found.size;
  const notes =
    unknown === 0 ? [] : [`${unknown} of ${stated} entries of ${basename(path)} name no image here.`];
  return { rest, count: samples.length - rest.length, list: basename(path), notes };
}
