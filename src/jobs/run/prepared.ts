import { existsSync } from 'node:fs';

import type { Config } from '../../config/config.js';
import type { Dataset } from '../../dataset/dataset.js';
import { ConfigError } from '../../domain/errors.js';
import {
  geometryFolder,
  markPreparedFolder,
  PreparedImages,
  removeAbandoned,
} from '../../prepared/folder.js';
import type { RunModel } from './run-models.js';

/** Prepared images of a run, by model. */
export interface PreparedOfRun {
  readonly images: readonly (PreparedImages | null)[];
  /** Folders that the run fills. */
  readonly keepIn: readonly (string | null)[];
}

/**
 * Opens the prepared images that a config names: as its data set, or as `engine.prepared`, which the run fills.
 * @throws ConfigError where a data set of prepared images holds none for a model's recipe
 */
export async function openPreparedOfRun(
  config: Config,
  dataset: Dataset,
  models: readonly RunModel[],
  warn: (text: string) => void,
): Promise<PreparedOfRun> {
  const nothing = models.map(() => null);
  const only = dataset.source.prepared === true;
  const root = only ? dataset.source.path : config.engine.prepared;
  if (root === null) return { images: nothing, keepIn: nothing };
  // Nothing is made for scores that are known.
  const folders = models.map((model) => (model.network === null ? null : geometryFolder(root, model.recipe)));
  const opened = new Map<string, PreparedImages>();
  for (const [at, folder] of folders.entries()) {
    const { recipe, name } = models[at]!;
    if (folder === null || recipe === null || opened.has(folder)) continue;
    if (only && !existsSync(folder)) throw notPrepared(root, name);
    if (!only) {
      await markPreparedFolder(root, recipe);
      await removeAbandoned(folder);
    }
    opened.set(folder, await PreparedImages.open(folder, warn, !only));
  }
  return {
    images: folders.map((folder) => opened.get(folder ?? '') ?? null),
    keepIn: only ? nothing : folders,
  };
}

function notPrepared(root: string, model: string): ConfigError {
  return new ConfigError({
    code: 'not-prepared',
    what: `the data set is a folder of prepared images, which holds none for the recipe of "${model}", or other versions of the decoder made them`,
    where: root,
    remedy:
      "Run `imagenet-eval prepare CONFIG --out DIR` with this model's recipe; it adds what the folder lacks.",
  });
}
