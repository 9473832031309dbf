import { basename, dirname, resolve } from 'node:path';
import type { z } from 'zod';
import type { Sha256 } from '../domain/domain.js';
import { printedFigures } from '../domain/printed-figure.js';
import { readManifest, shippedManifests } from '../yaml/manifest-file.js';
import { modelManifestSchema, type figureSchema } from './manifest-schema.js';

export { modelManifestSchema } from './manifest-schema.js';

export interface ModelManifest extends z.output<typeof modelManifestSchema> {
  /** Absolute path of the manifest itself. */
  readonly path: string;
  /** How a user names the manifest in a command: its shipped name, or its path. */
  readonly reference: string;
}

/** A documented figure as the run's record has it: percentages as published, null where not stated. */
export interface ManifestFigure {
  readonly top1: number | null;
  readonly top5: number | null;
  /** Decimals that the source prints. */
  readonly top1Decimals: number | null;
  readonly top5Decimals: number | null;
  readonly images: number;
  readonly dataset: string | null;
  readonly source: string;
  readonly sha256: Sha256 | null;
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
export function documentedFigure(manifest: ModelManifest): ManifestFigure | null {
  const { documented, sha256 } = manifest;
  if (documented === undefined) return null;
  const { top1, top5, images, dataset, source } = documented;
  return {
    ...printedFigures(percentOf(top1), top5 === undefined ? undefined : percentOf(top5)),
    images,
    dataset,
    source,
    sha256,
  };
}

function percentOf(figure: z.output<typeof figureSchema>): number | string {
  return typeof figure === 'object' ? figure.percent : figure;
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
  const name = place === undefined ? '' : basename(decodeURIComponent(new URL(place, 'file:///').pathname));
  return name === '' ? `${basename(manifest.name)}.onnx` : name;
}
