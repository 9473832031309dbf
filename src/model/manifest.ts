import { basename, dirname, resolve } from 'node:path';
import * as z from 'zod';
import { readManifest, shippedManifests } from '../yaml/manifest-file.js';
import { sha256 } from '../domain/values.js';
import { documentedAs, documentedInput, type DocumentedFigure } from '../record/documented-figure.js';

const httpUrl = z.url({ protocol: /^https?$/, error: 'expected an http or https address' });
const lfsSchema = z
  .strictObject({
    repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'expected owner/name'),
    commit: z.string().regex(/^[0-9a-f]{40}$/, 'expected a whole commit id'),
    path: z.string().min(1),
  })
  .describe('Place of the file in a GitHub repository that keeps it in Git LFS.');

const modelManifestSchema = z
  .strictObject({
    kind: z.literal('model'),
    version: z.literal(1).describe('Version of this format.'),
    name: z.string().min(1),
    file: z
      .string()
      .min(1)
      .optional()
      .describe('Path of the model file, relative to the manifest, where it lies beside it.'),
    sha256: sha256.describe('SHA-256 of the model file.'),
    bytes: z.int().positive().describe('Size of the model file.'),
    url: httpUrl.optional().describe('Where to download it.'),
    download: z
      .strictObject({ urls: z.array(httpUrl).optional(), lfs: lfsSchema.optional() })
      .optional()
      .describe('Several places to download it from, tried in order.'),
    source: z.string().min(1).describe('Where the model comes from.'),
    license: z.string().min(1),
    recipe: z
      .string()
      .min(1)
      .optional()
      .describe('Name of the preprocessing recipe that the figure was made with.'),
    documented: documentedInput
      .omit({ sha256: true })
      .required({ top1: true, dataset: true })
      .optional()
      .describe('The figure that was published for exactly this file.'),
  })
  .describe('A model file, where to get it, and the accuracy that was published for it.');

/** A model manifest as it was read. */
export interface ModelManifest extends z.output<typeof modelManifestSchema> {
  /** Absolute path of the manifest itself. */
  readonly path: string;
  /** How a user names the manifest in a command: its shipped name, or its path. */
  readonly reference: string;
}

/** Names of the model manifests that the package carries, sorted. */
export function shippedModels(): string[] {
  return shippedManifests('model');
}

/**
 * Reads a model manifest by the name of a shipped one (`hardnet39ds_pt_224`) or by its path.
 * @throws ConfigError where there is none or it isn't valid
 */
export async function loadModelManifest(nameOrPath: string): Promise<ModelManifest> {
  return { ...(await readManifest('model', nameOrPath, modelManifestSchema)), reference: nameOrPath };
}

/** The documented figure, bound to the file that it was documented for; null where the manifest states none. */
export function documentedFigure({ documented, sha256 }: ModelManifest): DocumentedFigure | null {
  return documented === undefined ? null : documentedAs({ ...documented, sha256 });
}

/** Absolute path of the file that lies beside the manifest; null where the manifest names none. */
export function accompanyingFile(manifest: ModelManifest): string | null {
  return manifest.file === undefined ? null : resolve(dirname(manifest.path), manifest.file);
}

/** Where to download the file, best place first; empty where the manifest names none. */
export function downloadUrls(manifest: ModelManifest): string[] {
  const { url, download } = manifest;
  const lfs = download?.lfs;
  return [
    ...(url === undefined ? [] : [url]),
    ...(download?.urls ?? []),
    ...(lfs === undefined
      ? []
      : [
          `https://media.githubusercontent.com/media/${lfs.repository}/${lfs.commit}/${encodeURI(lfs.path)}`,
          `https://github.com/${lfs.repository}/raw/${lfs.commit}/${encodeURI(lfs.path)}`,
        ]),
  ];
}

/** File name of the model, without folder. */
export function modelFileName(manifest: ModelManifest): string {
  const place = manifest.file ?? manifest.download?.lfs?.path ?? downloadUrls(manifest)[0];
  const name = place === undefined ? '' : basename(decoded(new URL(place, 'file:///').pathname));
  return name === '' ? `${basename(manifest.name)}.onnx` : name;
}

/** Percent signs that begin no escape stay as they are. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
