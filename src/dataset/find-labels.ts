import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

import type { ImageId } from '../domain/domain.js';
import { DatasetError, EvalError } from '../domain/errors.js';
import { baseName, isNumericFolder, isWnid, parentFolder, stem } from './image-name.js';
import { readLabels } from './labels.js';
import { shippedSynsets, validationSet } from './manifest.js';
import { openSource } from './source.js';
import { readSynsets } from './synsets.js';

/** Where the labels of a set of images were found. */
export interface FoundLabels {
  /** As a config's `dataset.labels` has it. */
  readonly labels: string;
  /** Class list beside the images, where it is another than ImageNet's; null: the shipped one, or the manifest's. */
  readonly synsets: string | null;
  /** Fewer images than the manifest of the labels states. */
  readonly subset: boolean;
  /** A clause that says what was seen, e.g. `the images' names begin with their WNID`. */
  readonly why: string;
  readonly images: number;
  readonly labelled: number;
}

/** Names under which label files and class lists commonly lie beside images. */
const labelFiles = ['val.txt', 'labels.txt', 'val_labels.txt', 'LOC_val_solution.csv'];
const classFiles = ['synset_words.txt', 'synsets.txt', 'LOC_synset_mapping.txt'];

interface Candidate {
  readonly labels: string;
  readonly why: string;
}

/**
 * Reads the labels that are given; where none are, looks for them: class folders, names that begin with a WNID, a label
 * file beside the images, the shipped list by file name. The first that labels every image is taken, else the one that
 * labels most.
 * @param images path of a tar archive or a folder
 * @param given as a config's `dataset.labels` has it; null to look for them
 * @throws DatasetError `labels-unknown` where none of them labels half of the images; as `openSource`
 */
export async function findLabels(images: string, given: string | null): Promise<FoundLabels> {
  const { source } = await openSource(images);
  const ids = source.entries.map((entry) => entry.id);
  await source.close();
  const synsets = await classesBeside(images);
  let best: FoundLabels | null = null;
  const candidates =
    given === null ? candidatesFor(images, ids) : [{ labels: given, why: 'they were given' }];
  for (const candidate of candidates) {
    const found = await tryLabels(candidate, images, ids, synsets, given !== null);
    if (found === null) continue;
    if (found.labelled === ids.length) return found;
    if (found.labelled > (best?.labelled ?? 0)) best = found;
  }
  if (best !== null && (given !== null || 2 * best.labelled > ids.length)) return best;
  throw new DatasetError({
    code: 'labels-unknown',
    what: `no labels were found for these images (the first is ${JSON.stringify(ids[0] ?? '')}); looked for ${candidates.map(({ labels }) => basename(labels)).join(', ')}`,
    where: images,
    remedy:
      'Say where they are: --labels folders, filenames, ilsvrc2012-val, or the path of a label file such as val.txt.',
  });
}

function candidatesFor(images: string, ids: readonly ImageId[]): Candidate[] {
  const folders = ids.map(parentFolder);
  const inWnids = folders.every((folder) => folder !== null && isWnid(folder));
  const inNumbers = folders.every((folder) => folder !== null && isNumericFolder(folder));
  const named = ids.some((id) => isWnid(baseName(id).slice(0, 9)));
  const own = [`${stem(basename(images))}.txt`, `${stem(basename(images))}.csv`];
  return [
    ...(inWnids ? [{ labels: 'folders', why: 'the images lie in WNID folders' }] : []),
    ...(inNumbers ? [{ labels: 'folders', why: 'the images lie in folders of class numbers' }] : []),
    ...(named ? [{ labels: 'filenames', why: "the images' names begin with their WNID" }] : []),
    ...beside(images, [...labelFiles, ...own]).map((labels) => ({
      labels,
      why: `${basename(labels)} lies beside the images`,
    })),
    { labels: validationSet, why: "the images bear the names of ILSVRC 2012's validation set" },
  ];
}

/** Files of these names in the folder itself and in the one that holds it. */
function beside(images: string, names: readonly string[]): string[] {
  return [images, dirname(resolve(images))]
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .filter((path) => existsSync(path));
}

/** A class list beside the images that is not ImageNet's own in its usual order. */
async function classesBeside(images: string): Promise<string | null> {
  const [path] = beside(images, classFiles);
  if (path === undefined) return null;
  const [own, usual] = await Promise.all([readSynsets(path), readSynsets(shippedSynsets)]);
  const same = own.count === usual.count && own.classes.every((c) => usual.indexOf(c.wnid) === c.index);
  return same ? null : path;
}

/** null where these labels don't suit the images at all. */
async function tryLabels(
  { labels, why }: Candidate,
  images: string,
  ids: readonly ImageId[],
  synsets: string | null,
  given: boolean,
): Promise<FoundLabels | null> {
  try {
    const { labelling, manifest } = await readLabels({
      spec: labels,
      synsetsPath: synsets,
      where: images,
      ids,
    });
    const labelled = ids.filter((id) => typeof labelling.label(id) === 'number').length;
    return {
      labels,
      synsets,
      subset: manifest !== null && ids.length < manifest.images,
      why,
      images: ids.length,
      labelled,
    };
  } catch (error) {
    if (error instanceof EvalError && !given) return null;
    throw error;
  }
}
