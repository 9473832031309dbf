import { extname } from 'node:path';
import type { ImageId } from '../domain/domain.js';
import { readLabelFile } from './label-file.js';
import type { Labelling } from './labelling.js';
import { loadDatasetManifest, shippedDatasetPath, shippedSynsets, type DatasetManifest } from './manifest.js';
import { labelsFromFileNames, labelsFromFolders } from './path-labels.js';
import { readSynsets, type Synsets } from './synsets.js';

/** Which labels to read, and for which images. */
export interface LabelsRequest {
  /** `folders`, `filenames`, the name of a shipped data-set manifest, or the path of a manifest or a label file. */
  readonly spec: string;
  /** Class list instead of the manifest's or the shipped one. */
  readonly synsetsPath: string | null;
  /** Path of the images, for messages. */
  readonly where: string;
  readonly ids: readonly ImageId[];
}

/** Labels with their classes, and the manifest that they came with. */
export interface ReadLabels {
  readonly labelling: Labelling;
  readonly synsets: Synsets;
  /** The manifest that the labels came with; null where they came without one. */
  readonly manifest: DatasetManifest | null;
}

/** Whether a `labels:` entry names a data-set manifest, which brings its own labels. */
function namesManifest(spec: string): boolean {
  return shippedDatasetPath(spec) !== null || ['.yaml', '.yml'].includes(extname(spec).toLowerCase());
}

/**
 * Finds out how the images are labelled.
 * @throws DatasetError where the labels don't suit the images at all; ConfigError for a manifest that can't be read
 */
export async function readLabels({ spec, synsetsPath, where, ids }: LabelsRequest): Promise<ReadLabels> {
  const manifest = namesManifest(spec) ? await loadDatasetManifest(spec) : null;
  const synsets = await readSynsets(synsetsPath ?? manifest?.synsetsPath ?? shippedSynsets);
  if (spec === 'folders') return { labelling: labelsFromFolders(ids, synsets, where), synsets, manifest };
  if (spec === 'filenames') return { labelling: labelsFromFileNames(ids, synsets, where), synsets, manifest };
  const file = manifest?.labelsPath ?? spec;
  const labelling = await readLabelFile(file, {
    where: file,
    synsets,
    ids,
    fullCount: manifest?.images ?? ids.length,
  });
  if (manifest === null) return { labelling, synsets, manifest };
  const shipped = shippedDatasetPath(spec) === null ? '' : ' (shipped)';
  return { labelling: { ...labelling, description: `${manifest.name}${shipped}` }, synsets, manifest };
}
