import { dirname, resolve } from 'node:path';
import * as z from 'zod';
import { sha256 } from '../domain/values.js';
import { readManifest, shippedFolder, shippedManifestPath, shippedManifests } from '../yaml/manifest-file.js';

const positive = z.int().positive();

const archiveSchema = z
  .strictObject({
    name: z.string().min(1).describe('File name under which the archive is published.'),
    bytes: positive.describe('Size of the archive in bytes.'),
    md5: z
      .string()
      .regex(/^[0-9a-f]{32}$/, 'expected 32 lower-case hexadecimal digits')
      .optional()
      .describe('MD5 of the archive, as its publisher states it.'),
    sha256: sha256.optional().describe('SHA-256 of the archive.'),
  })
  .describe('The archive in which the images are published.');

const datasetManifestSchema = z
  .strictObject({
    kind: z.literal('dataset'),
    version: z.literal(1).describe('Version of this format.'),
    name: z.string().min(1).describe('Name by which figures refer to the set, e.g. ilsvrc2012-val.'),
    images: positive.describe('How many images the whole set has.'),
    classes: positive.describe('How many classes the labels distinguish.'),
    per_class: positive.optional().describe('Images of each class, where all classes have the same number.'),
    archive: archiveSchema.optional(),
    labels: z.string().min(1).describe('Label file, relative to the manifest.'),
    synsets: z
      .string()
      .min(1)
      .describe('Class list, one `WNID name` a line in index order, relative to the manifest.'),
    source: z.string().min(1).describe('Where the set and its labels come from.'),
  })
  .describe('What a data set consists of, so that a run can tell whether it has all of it.');

/** A data-set manifest as it was read, with the paths that it names. */
export interface DatasetManifest extends z.output<typeof datasetManifestSchema> {
  /** Absolute path of the label file. */
  readonly labelsPath: string;
  /** Absolute path of the class list. */
  readonly synsetsPath: string;
  /** Absolute path of the manifest itself. */
  readonly path: string;
}

/** Names of the data-set manifests that the package carries, sorted. */
export function shippedDatasets(): string[] {
  return shippedManifests('dataset');
}

/**
 * Reads a data-set manifest by the name of a shipped one (`ilsvrc2012-val`) or by its path.
 * @throws ConfigError where there is none or it isn't valid
 */
export async function loadDatasetManifest(nameOrPath: string): Promise<DatasetManifest> {
  const manifest = await readManifest('dataset', nameOrPath, datasetManifestSchema);
  const folder = dirname(manifest.path);
  return {
    ...manifest,
    labelsPath: resolve(folder, manifest.labels),
    synsetsPath: resolve(folder, manifest.synsets),
  };
}

/** Path of the shipped manifest of that name; null where there is none. */
export function shippedDatasetPath(name: string): string | null {
  return shippedManifestPath('dataset', name);
}

/** Name of the shipped manifest of ImageNet's validation set. */
export const validationSet = 'ilsvrc2012-val';

/** The 1000 classes of ImageNet-1k, which WNID folders and file names are read by when no other list is given. */
export const shippedSynsets = resolve(shippedFolder, `${validationSet}.synsets.txt`);
