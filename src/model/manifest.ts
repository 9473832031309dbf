import { basename, dirname, resolve } from 'node:path';
import type * as z from 'zod';
import { readManifest, shippedManifests } from '../yaml/manifest-file.js';
import { documentedAs, type DocumentedFigure } from '../record/documented-figure.js';
import { modelManifestSchema } from './manifest-schema.js';

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
