import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelError } from '../domain/errors.js';
import { accompanyingFile, modelFileName, type ModelManifest } from './manifest.js';

/** Where the file of a manifest is kept: by its hash, so that two versions never meet. */
export function cachedModelPath(manifest: ModelManifest, cacheDir: string): string {
  return join(cacheDir, 'models', manifest.sha256, modelFileName(manifest));
}

/** Where a model file may lie. */
export interface ModelPlaces {
  /** Path that the config gives beside the manifest, or null. */
  readonly path: string | null;
  readonly cacheDir: string;
}

/**
 * Path of the model file: the one the config gives, else the one beside the manifest, else the one in the cache. A path that is
 * given is meant: another file doesn't make up for it. What lies there isn't looked into; whoever loads it checks its hash.
 * Throws ModelError with the command that fetches the file where there is none.
 */
export async function locateModel(manifest: ModelManifest, places: ModelPlaces): Promise<string> {
  const usual = [accompanyingFile(manifest), cachedModelPath(manifest, places.cacheDir)];
  const candidates = places.path === null ? usual.filter((path) => path !== null) : [places.path];
  for (const path of candidates) if (await exists(path)) return path;
  throw new ModelError({
    code: 'model-not-found',
    what: `the model file of ${manifest.name} is not there; looked for ${candidates.join(' and ')}`,
    where: manifest.reference,
    remedy: `Get it with \`imagenet-eval fetch ${manifest.reference}\`, or give its place as \`path:\`.`,
  });
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
