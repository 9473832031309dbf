import { basename } from 'node:path';
import type { ImageId } from '../domain/domain.js';
import { DatasetError, messageOf } from '../domain/errors.js';
import { baseName, numberedName, stem } from './image-name.js';
import { readFileText } from './open-file.js';

/** Files that name images: those to take, those to leave out. */
export interface ImageLists {
  readonly only: string | null;
  readonly exclude: string | null;
}

/** Images that lists leave, and what the lists did. */
export interface Chosen<Sample> {
  readonly rest: readonly Sample[];
  /** What the lists did, for `dataset.subset` of a report; empty where they took nothing away. */
  readonly parts: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Takes the images that one list names and leaves out those that another one names.
 *
 * @throws DatasetError where a list can't be read or names none of the images
 */
export async function chooseImages<Sample extends { readonly id: ImageId }>(
  { only, exclude }: ImageLists,
  samples: readonly Sample[],
): Promise<Chosen<Sample>> {
  const parts: string[] = [];
  const notes: string[] = [];
  let rest = samples;
  for (const [path, keep] of [
    [only, true],
    [exclude, false],
  ] as const) {
    if (path === null) continue;
    const list = await readImageList(path, samples, !keep);
    const kept = rest.filter(({ id }) => list.has(id) === keep);
    const gone = rest.length - kept.length;
    if (gone > 0) parts.push(`${gone} left out${keep ? ', as they are not in' : ' by'} ${basename(path)}`);
    notes.push(...list.notes);
    rest = kept;
  }
  return { rest, parts, notes };
}

/**
 * The images of a list: an id, a file name with or without ending, or the number in the file's name a line (as the devkit's
 * list of 1762 badly labelled validation images); `#` begins a comment.
 */
async function readImageList(
  path: string,
  samples: readonly { readonly id: ImageId }[],
  mayBeEmpty: boolean,
): Promise<{ has(id: string): boolean; readonly notes: readonly string[] }> {
  const text = await readFileText(path).catch((cause: unknown) => {
    throw new DatasetError({
      code: 'image-list-not-found',
      what: `the list of images can't be read: ${messageOf(cause)}`,
      where: path,
      remedy: 'Check `dataset.only` and `dataset.exclude`; a relative path is looked for beside the config.',
      cause,
    });
  });
  const lines = text.split(/\r?\n/).map((line) => line.replace(/#.*/, '').trim());
  const names = new Set(lines.filter((line) => line !== '' && !/^\d+$/.test(line)));
  const numbers = new Set(lines.filter((line) => /^\d+$/.test(line)).map(Number));
  const hits = (id: string): (string | number)[] => {
    const number = numberedName(id)?.number;
    return [
      ...[id, baseName(id), stem(id)].filter((name) => names.has(name)),
      ...(number !== undefined && numbers.has(number) ? [number] : []),
    ];
  };
  const found = new Set(samples.flatMap(({ id }) => hits(id)));
  const stated = names.size + numbers.size;
  if (found.size === 0 && (stated > 0 || !mayBeEmpty)) {
    throw new DatasetError({
      code: 'image-list-unknown',
      what:
        stated === 0 ? 'it names no image' : `none of the ${stated} images that it names is in the data set`,
      where: path,
      remedy: 'Expected an image id, a file name or an image number a line.',
    });
  }
  const unknown = stated - found.size;
  return {
    has: (id) => hits(id).length > 0,
    notes: unknown > 0 ? [`${unknown} of ${stated} entries of ${basename(path)} name no image here.`] : [],
  };
}
