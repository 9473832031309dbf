import { hash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';

import { cacheFolder } from '../../domain/cache-location.js';
import { recipeDigest } from '../../config/recipe-form.js';
import { findRecipe } from '../../config/recipes/index.js';
import type { ModelConfig } from '../../config/config.js';
import { readAt } from '../../dataset/read-at.js';
import type { Sha256 } from '../../domain/domain.js';
import { ModelError, messageOf } from '../../domain/errors.js';
import type { Recipe } from '../../image/recipe.js';
import { modelFacts, type ModelFacts } from '../../model/facts.js';
import { isLfsPointer } from '../../model/lfs-pointer.js';
import { documentedFigure, loadModelManifest, type ModelManifest } from '../../model/manifest.js';
import { locateModel } from '../../model/model-cache.js';
import { readOnnxFile } from '../../model/onnx-file.js';
import type { DocumentedFigure } from '../../report/record.js';

/** A model file that was read, checked against its manifest and found to fit recipe and data set. */
export interface OpenModel {
  readonly config: ModelConfig;
  readonly file: string;
  readonly bytes: SharedArrayBuffer;
  readonly sha256: Sha256;
  readonly manifest: ModelManifest | null;
  readonly recipe: Recipe;
  readonly recipeSha256: Sha256;
  readonly facts: ModelFacts;
  readonly documented: DocumentedFigure | null;
}

/**
 * Opens a model; the bytes of a file that is among `opened` already are shared with it.
 * @throws ModelError where the file is missing, altered, no ONNX, or doesn't fit; ConfigError where no recipe is named.
 */
export async function openModel(
  config: ModelConfig,
  classes: number,
  opened: readonly OpenModel[] = [],
): Promise<OpenModel> {
  const manifest = config.source.kind === 'manifest' ? await loadModelManifest(config.source.manifest) : null;
  const file =
    manifest === null
      ? config.source.path!
      : await locateModel(manifest, { path: config.source.path, cacheDir: cacheFolder() });
  const twin = opened.find((model) => model.file === file);
  const shared = twin?.bytes ?? (await readModel(file, config.name));
  const bytes = new Uint8Array(shared);
  const sha256 = twin?.sha256 ?? hash('sha256', bytes, 'hex');
  if (manifest !== null && manifest.sha256 !== sha256) {
    throw new ModelError({
      code: 'model-altered',
      what: `the file's SHA-256 is ${sha256}, the manifest ${manifest.name} states ${manifest.sha256} (${manifest.bytes} bytes; the file has ${bytes.length})`,
      where: `${config.name} (${file})`,
      remedy:
        'It is another file than the documented one. Fetch it again, or give it by `path:` to measure it for what it is.',
    });
  }
  const recipe =
    config.recipe ?? (manifest?.recipe === undefined ? null : findRecipe(manifest.recipe).recipe);
  if (recipe === null) {
    throw new ModelError({
      code: 'no-recipe',
      what: `neither the config nor the manifest ${manifest?.name ?? ''} names a recipe`,
      where: config.name,
      remedy: 'Add `recipe:` to the config; `imagenet-eval recipes` lists them.',
    });
  }
  const where = `${config.name} (${basename(file)})`;
  const onnx = readOnnxFile(bytes, where);
  const facts = modelFacts(onnx, { recipe, classes, classOffset: config.classOffset }, where);
  return {
    config,
    file,
    bytes: shared,
    sha256,
    manifest,
    recipe,
    recipeSha256: recipeDigest(recipe),
    facts,
    documented: givenFigure(config) ?? (manifest === null ? null : documentedFigure(manifest)),
  };
}

/** The file's bytes in memory that the workers share; there is no second copy of them in this thread. */
async function readModel(file: string, name: string): Promise<SharedArrayBuffer> {
  let shared: SharedArrayBuffer;
  try {
    shared = await readShared(file);
  } catch (cause) {
    throw new ModelError({
      code: 'model-unreadable',
      what: `the model can't be read: ${messageOf(cause)}`,
      where: `${name} (${file})`,
      remedy: 'Check the path; a relative one is looked for beside the config, then in the working folder.',
      cause,
    });
  }
  if (isLfsPointer(new Uint8Array(shared))) {
    throw new ModelError({
      code: 'lfs-pointer',
      what: 'the file is a Git LFS pointer, a few lines of text that stand for the model, not the model itself',
      where: `${name} (${file})`,
      remedy: 'Run `git lfs pull` in the repository that it came from, or `imagenet-eval fetch MANIFEST`.',
    });
  }
  return shared;
}

async function readShared(file: string): Promise<SharedArrayBuffer> {
  const handle = await open(file);
  try {
    const shared = new SharedArrayBuffer((await handle.stat()).size);
    const bytes = new Uint8Array(shared);
    const read = await readAt(handle, 0, bytes);
    if (read < bytes.length) throw new Error(`it ends at ${read} of ${bytes.length} bytes`);
    return shared;
  } finally {
    await handle.close();
  }
}

function givenFigure({ documented }: ModelConfig): DocumentedFigure | null {
  if (documented === null) return null;
  return {
    top1: documented.top1 ?? null,
    top5: documented.top5 ?? null,
    images: documented.images,
    dataset: documented.dataset ?? null,
    source: documented.source,
    sha256: documented.sha256 ?? null,
  };
}
