import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { ImageId } from '../domain/domain.js';
import { DatasetError, messageOf } from '../domain/errors.js';
import { parseDevkitMeta } from './format-devkit.js';
import { readLabelFile } from './label-file.js';
import type { Labelling } from './labelling.js';
import { loadDatasetManifest, shippedDatasetPath, shippedSynsets, type DatasetManifest } from './manifest.js';
import { labelsFromFileNames, labelsFromFolders } from './path-labels.js';
import { readSynsets, type Synsets } from './synsets.js';

export interface LabelsRequest {
  /** `folders`, `filenames`, the name of a shipped data-set manifest, or the path of a manifest or a label file. */
  readonly spec: string;
  /** Manifest of the set, where one is named apart from the labels. */
  readonly manifest: DatasetManifest | null;
  /** Class list instead of the manifest's or the shipped one. */
  readonly synsetsPath: string | null;
  /** The devkit's table of ids and WNIDs as text, for its ground truth. */
  readonly metaPath: string | null;
  /** Path of the images, for messages. */
  readonly where: string;
  readonly ids: readonly ImageId[];
}

export interface ReadLabels {
  readonly labelling: Labelling;
  readonly synsets: Synsets;
  /** The manifest that the labels came with, or the one that was asked for. */
  readonly manifest: DatasetManifest | null;
}

/** Whether a `labels:` entry names a data-set manifest, which brings its own labels. */
export function namesManifest(spec: string): boolean {
  return shippedDatasetPath(spec) !== null || ['.yaml', '.yml'].includes(extname(spec).toLowerCase());
}

/** Finds out how the images are labelled. Throws DatasetError where the labels don't suit the images at all. */
export async function readLabels(request: LabelsRequest): Promise<ReadLabels> {
  const { spec, where, ids } = request;
  const own = namesManifest(spec) ? await loadDatasetManifest(spec) : null;
  const manifest = request.manifest ?? own;
  const synsets = await readSynsets(
    request.synsetsPath ?? own?.synsetsPath ?? manifest?.synsetsPath ?? shippedSynsets,
  );
  if (spec === 'folders') return { labelling: labelsFromFolders(ids, synsets, where), synsets, manifest };
  if (spec === 'filenames') return { labelling: labelsFromFileNames(ids, synsets, where), synsets, manifest };
  const labelling = await readLabelFile(own?.labelsPath ?? spec, {
    where: own?.labelsPath ?? spec,
    synsets,
    ids,
    fullCount: manifest?.images ?? ids.length,
    meta: request.metaPath === null ? null : await readMeta(request.metaPath),
  });
  if (own === null) return { labelling, synsets, manifest };
  const shipped = shippedDatasetPath(spec) === null ? '' : ' (shipped)';
  return { labelling: { ...labelling, description: `${own.name}${shipped}` }, synsets, manifest };
}

async function readMeta(path: string): Promise<Map<number, string>> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new DatasetError({
      code: 'devkit-meta-not-found',
      what: `the devkit's table can't be read: ${messageOf(cause)}`,
      where: path,
      remedy: null,
      cause,
    });
  });
  return parseDevkitMeta(text, path);
}
