import { basename } from 'node:path';
import type { Recipe } from 'reference-pixels/recipe';

import { cacheFolder } from '../../domain/cache-location.js';
import { recipeDigest } from '../../config/recipe-form.js';
import { findRecipe } from '../../config/recipes/index.js';
import type { ModelConfig } from '../../config/config.js';
import type { Sha256 } from '../../domain/domain.js';
import { ModelError } from '../../domain/errors.js';
import { printedFigures } from '../../domain/printed-figure.js';
import { modelFacts, type ModelFacts } from '../../model/facts.js';
import { documentedFigure, loadModelManifest, type ModelManifest } from '../../model/manifest.js';
import { locateModel } from '../../model/model-cache.js';
import type { DocumentedFigure } from '../../report/record.js';
import type { NetworkPlan, ReadNetwork } from '../../runtime/network.js';
import { readNetwork } from '../../runtime/read.js';

/** A model file that was read, checked against its manifest and found to fit recipe and data set. */
export interface OpenModel {
  readonly config: ModelConfig;
  readonly file: string;
  /** The file as its runtime read it. */
  readonly network: ReadNetwork;
  /** How a worker opens it. */
  readonly plan: NetworkPlan;
  readonly manifest: ModelManifest | null;
  readonly recipe: Recipe;
  readonly recipeSha256: Sha256;
  readonly facts: ModelFacts;
  readonly documented: DocumentedFigure | null;
}

/**
 * Opens a model; a file that is among `opened` already is not read again.
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
  const network = twin?.network ?? (await readNetwork({ name: config.name, file }));
  const { sha256, bytes } = network;
  if (manifest !== null && manifest.sha256 !== sha256) {
    throw new ModelError({
      code: 'model-altered',
      what: `the file's SHA-256 is ${sha256}, the manifest ${manifest.name} states ${manifest.sha256} (${manifest.bytes} bytes; the file has ${bytes})`,
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
  const expected = { recipe, classes, classOffset: config.classOffset, output: config.output };
  const facts = modelFacts(network.describe(), expected, where);
  return {
    config,
    file,
    network,
    plan: network.plan(facts),
    manifest,
    recipe,
    recipeSha256: recipeDigest(recipe),
    facts,
    documented: givenFigure(config) ?? (manifest === null ? null : documentedFigure(manifest)),
  };
}

function givenFigure({ documented }: ModelConfig): DocumentedFigure | null {
  if (documented === null) return null;
  return {
    ...printedFigures(documented.top1, documented.top5),
    images: documented.images,
    dataset: documented.dataset ?? null,
    source: documented.source,
    sha256: documented.sha256 ?? null,
  };
}
