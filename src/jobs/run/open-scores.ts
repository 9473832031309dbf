import { createHash } from 'node:crypto';
import { basename } from 'node:path';

import { recipeDigest } from '../../config/recipe-form.js';
import type { ModelConfig } from '../../config/config.js';
import type { Dataset } from '../../dataset/dataset.js';
import type { ImageId, Prediction, Sha256, TieRule } from '../../domain/domain.js';
import { ModelError } from '../../domain/errors.js';
import type { EngineSample, EngineStore } from '../../engine/options.js';
import { rankRow } from '../../metrics/top-k.js';
import { classOffset } from '../../model/facts.js';
import type { ScoresFile } from '../../model/scores-file.js';
import type { ModelFacts, ModelOrigin } from '../../record/provenance.js';

/** A model that is given by scores made elsewhere: no worker opens anything for it. */
export interface OpenScores extends ModelOrigin {
  readonly config: ModelConfig;
  readonly path: string;
  readonly network: null;
  readonly batchFinding: null;
  readonly table: ScoresFile;
  /** SHA-256 over all files that decide a prediction: the scores and their index. */
  readonly digest: Sha256;
}

type ScoresSource = Extract<ModelConfig['source'], { kind: 'scores' }>;

/** @throws ModelError where the file can't be read, or its rows are no scores of the data set's classes */
export async function openScores(
  config: ModelConfig,
  { path, index }: ScoresSource,
  classes: number,
): Promise<OpenScores> {
  const { readScoresFile } = await import('../../model/scores-file.js');
  const table = await readScoresFile(config.name, path, index);
  const file = basename(path);
  const { tensors } = table;
  const recipe = tensors?.recipe ?? config.recipe;
  const facts: ModelFacts = {
    ...(tensors?.facts ?? nothingKnown),
    // One row at a time: there is nothing to try.
    fixedBatch: 1,
    outputClasses: table.classes,
    classOffset: classOffset(
      table.classes,
      { classes, classOffset: config.classOffset },
      `${config.name} (${file})`,
    ),
    outputDtype: table.dtype,
    outputQuantization: null,
    scheme: 'scores made elsewhere',
    parameters: null,
    opset: null,
    producer: '',
  };
  return {
    config,
    path,
    network: null,
    batchFinding: null,
    table,
    digest:
      table.index === null
        ? table.sha256
        : createHash('sha256').update(`${table.sha256}\t${table.index.sha256}\n`).digest('hex'),
    name: config.name,
    file,
    sha256: table.sha256,
    bytes: table.bytes,
    manifest: null,
    documented: config.documented,
    compareWith: config.compareWith,
    facts,
    runtime: null,
    scores: {
      index: table.index === null ? null : { ...table.index, file: basename(table.index.file) },
      fed: tensors === null ? null : { model: tensors.model.name, sha256: tensors.model.sha256 },
    },
    recipe,
    recipeSha256: recipe === null ? null : recipeDigest(recipe),
  };
}

const nothingKnown = {
  inputName: '',
  outputName: '',
  tensor: null,
  batchDimension: null,
  inputDtype: 'not stated',
  inputQuantization: null,
} as const satisfies Partial<ModelFacts>;

/** @throws ModelError `scores-images` naming every image of the data set without scores, and scores of no image of it, or twice */
export function assertFits({ table, name, file }: OpenScores, { samples, source }: Dataset): void {
  const seen = new Set<ImageId>();
  const twice = new Set<ImageId>();
  for (const { id } of table.images) (seen.has(id) ? twice : seen).add(id);
  const present = new Set(source.entries.map(({ id }) => id));
  const bad = new Set(table.tensors?.badImages.map(({ id }) => id));
  const faults = [
    listed(
      'no scores for',
      samples.flatMap(({ id }) => (seen.has(id) || bad.has(id) ? [] : [id])),
    ),
    listed('scores twice for', [...twice]),
    listed(
      'scores for what the data set does not hold:',
      [...seen].filter((id) => !present.has(id)),
    ),
  ].filter((text) => text !== null);
  if (faults.length === 0) return;
  throw new ModelError({
    code: 'scores-images',
    what: `the scores are not those of the data set's images: there are ${faults.join('; ')}`,
    where: `${name} (${file})`,
    remedy:
      'Give one row of scores for every image, by the ids that `index.csv` of `imagenet-eval tensors` lists.',
  });
}

const NAMED = 5;

function listed(what: string, ids: readonly ImageId[]): string | null {
  if (ids.length === 0) return null;
  const more = ids.length > NAMED ? `, ... (${ids.length} in all)` : '';
  return `${what} ${ids.slice(0, NAMED).join(', ')}${more}`;
}

/**
 * A store that also knows every prediction of the models that are given by their scores.
 * @param models null for a network
 */
export function withScores(
  store: EngineStore,
  models: readonly (OpenScores | null)[],
  samples: readonly EngineSample[],
  classes: number,
  ties: TieRule,
): EngineStore {
  if (models.every((model) => model === null)) return store;
  const known = models.map((model) => (model === null ? null : predictionsOf(model, classes, ties)));
  const bad = new Map(
    models.flatMap(
      (model) => model?.table.tensors?.badImages.map((image) => [image.id, image] as const) ?? [],
    ),
  );
  return {
    ...store,
    get(model, sample, sha256) {
      const own = known[model];
      return own == null ? store.get(model, sample, sha256) : own(samples[sample]!, sha256);
    },
    knownToKill(sample, sha256) {
      const found = bad.get(samples[sample]!.id);
      if (found === undefined) return store.knownToKill(sample, sha256);
      return { code: found.code, what: `${found.message} (so no tensor was made of it)`, remedy: null };
    },
  };
}

/** An image's prediction; undefined where it has no scores, for no tensor could be made of it. */
function predictionsOf(
  { table, facts, name }: OpenScores,
  classes: number,
  ties: TieRule,
): (sample: EngineSample, sha256: Sha256) => Prediction | undefined {
  const rowOf = new Map(table.images.map(({ id }, row) => [id, row]));
  return ({ id, label }, sha256) => {
    const row = rowOf.get(id);
    if (row === undefined) return undefined;
    const made = table.images[row]!.sha256;
    if (made !== null && made !== sha256)
      throw new ModelError({
        code: 'scores-other-image',
        what: `the scores of ${id} were made from other bytes (SHA-256 ${made.slice(0, 12)}) than the data set has (${sha256.slice(0, 12)})`,
        where: name,
        remedy: 'Write the tensors again from these images, and make the scores of those.',
      });
    return rankRow(table.scores, row * table.classes, classes, facts.classOffset === 1 ? 1 : 0, label, ties);
  };
}
