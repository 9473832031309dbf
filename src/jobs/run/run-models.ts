import type { Recipe } from 'reference-pixels/recipe';

import { defaults, type ModelConfig } from '../../config/config.js';
import type { Dataset } from '../../dataset/dataset.js';
import type { WorkerModel } from '../../engine/messages.js';
import { openModel, type OpenModel } from './open-models.js';
import { assertFits, openScores, type OpenScores } from './open-scores.js';

/** A network that is run, or the scores that stand for one. */
export type RunModel = OpenModel | OpenScores;

/** Opens the models of a run, each file once. @throws ModelError or ConfigError as `openModel` and `openScores` do */
export async function openRunModels(
  configs: readonly ModelConfig[],
  dataset: Dataset,
): Promise<readonly RunModel[]> {
  const classes = dataset.classes.length;
  const networks: OpenModel[] = [];
  const models: RunModel[] = [];
  for (const config of configs) {
    if (config.source.kind === 'scores') {
      const scores = await openScores(config, config.source, classes);
      assertFits(scores, dataset);
      models.push(scores);
    } else {
      const network = await openModel(config, classes, networks);
      networks.push(network);
      models.push(network);
    }
  }
  return models;
}

/** Whether another processor than this machine's own computes it. */
export function isOnDevice(model: RunModel): boolean {
  return model.network !== null && model.source.provider.name !== 'cpu';
}

/** Images a call where nobody says otherwise. */
export function defaultBatch(onDevice: boolean): number {
  return onDevice ? defaults.deviceBatch : defaults.batch;
}

/** What a worker needs of a model. */
export function workerModel(model: RunModel): Pick<WorkerModel, 'plan' | 'facts' | 'recipe'> {
  if (model.network !== null) return { plan: model.plan, facts: model.facts, recipe: model.recipe };
  const { facts, recipe } = model;
  return {
    plan: { runtime: 'none' },
    facts: { ...facts, tensor: facts.tensor ?? nothingFed },
    recipe: recipe ?? nothingDone,
  };
}

// Never looked at: no worker is asked for a model whose predictions are known.
const nothingFed = { layout: 'NCHW', dtype: 'float32', width: 1, height: 1, quantization: null } as const;
const nothingDone: Recipe = {
  name: null,
  decode: 'pillow',
  centralFraction: null,
  range: 'bytes',
  resize: { kind: 'none' },
  filter: null,
  crop: null,
  channelOrder: 'rgb',
  normalize: [],
};
