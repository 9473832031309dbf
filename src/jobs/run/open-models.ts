import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Recipe } from 'reference-pixels/recipe';

import { cacheFolder } from '../../domain/cache-location.js';
import type { BatchFinding } from '../../domain/batch-finding.js';
import type { Sha256 } from '../../domain/domain.js';
import { recipeDigest } from '../../config/recipe-form.js';
import { findRecipe } from '../../config/recipes/index.js';
import type { ModelConfig } from '../../config/config.js';
import { ConfigError, ModelError } from '../../domain/errors.js';
import { modelFacts, recipeSize } from '../../model/facts.js';
import { documentedFigure, loadModelManifest } from '../../model/manifest.js';
import { locateModel } from '../../model/model-cache.js';
import type { ModelOrigin, NetworkFacts } from '../../record/provenance.js';
import type { RuntimeIdentity } from '../../record/runtime-identity.js';
import type { NetworkPlan, NetworkSource, ReadNetwork } from '../../runtime/network.js';
import { readNetwork } from '../../runtime/read.js';

/** A model file that was read, checked against its manifest and found to fit recipe and data set. */
export interface OpenModel extends ModelOrigin {
  readonly config: ModelConfig;
  readonly facts: NetworkFacts;
  readonly recipe: Recipe;
  readonly recipeSha256: Sha256;
  readonly source: NetworkSource;
  readonly path: string;
  /** The file as its runtime read it. */
  readonly network: ReadNetwork;
  /** How a worker opens it. */
  readonly plan: NetworkPlan;
  readonly runtime: RuntimeIdentity;
  /** What its operators do to several images in one call; null where none is known to do anything. */
  readonly batchFinding: BatchFinding | null;
}

/** The networks of a config, each file read once. @throws ModelError or ConfigError as `openModel` does */
export async function openNetworks(models: readonly ModelConfig[], classes: number): Promise<OpenModel[]> {
  const opened: OpenModel[] = [];
  for (const model of networkConfigs(models)) opened.push(await openModel(model, classes, opened));
  return opened;
}

/** The models that are networks; all, where none is: opening one then says so. */
export function networkConfigs(models: readonly ModelConfig[]): readonly ModelConfig[] {
  const networks = models.filter(({ source }) => source.kind !== 'scores');
  return networks.length > 0 ? networks : models;
}

/**
 * Opens a model; a file that is among `opened` already is not read again.
 * @throws ModelError where the file is missing, altered, no ONNX, or doesn't fit; ConfigError where no recipe is named,
 *   or the model is given by its scores alone
 */
export async function openModel(
  config: ModelConfig,
  classes: number,
  opened: readonly OpenModel[] = [],
): Promise<OpenModel> {
  if (config.source.kind === 'scores')
    throw new ConfigError({
      code: 'scores-only',
      what: 'the model is given by scores that were made elsewhere, and this command runs the network itself',
      where: config.name,
      remedy:
        'Give the network (`path:`) in a config of its own; `run`, `check`, `plan` and `verify` take scores.',
    });
  const manifest = config.source.kind === 'manifest' ? await loadModelManifest(config.source.manifest) : null;
  const given =
    manifest === null
      ? config.source.path
      : await locateModel(manifest, { path: config.source.path, cacheDir: cacheFolder() });
  const source: NetworkSource = {
    name: config.name,
    file: given,
    adapter: config.adapter,
    provider: config.provider,
  };
  const twin = opened.find((model) => isDeepStrictEqual({ ...model.source, name: config.name }, source));
  const network = twin?.network ?? (await readNetwork(source));
  const { file: path, sha256, bytes } = network;
  if (manifest !== null && manifest.sha256 !== sha256) {
    throw new ModelError({
      code: 'model-altered',
      what: `the file's SHA-256 is ${sha256}, the manifest ${manifest.name} states ${manifest.sha256} (${manifest.bytes} bytes; the file has ${bytes})`,
      where: `${config.name} (${path})`,
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
  const file = basename(path);
  const where = `${config.name} (${file})`;
  const expected = { recipe, classes, classOffset: config.classOffset, output: config.output };
  const stated = network.describe();
  const description = (await network.complete?.(stated, recipeSize(recipe))) ?? stated;
  const facts = modelFacts(description, expected, where);
  return {
    config,
    source,
    path,
    network,
    plan: network.plan(facts),
    name: config.name,
    file,
    sha256,
    bytes,
    manifest: manifest?.name ?? null,
    documented: config.documented ?? (manifest === null ? null : documentedFigure(manifest)),
    compareWith: config.compareWith,
    facts,
    runtime: network.identity,
    scores: null,
    recipe,
    recipeSha256: recipeDigest(recipe),
    batchFinding: description.batchFinding ?? null,
  };
}
