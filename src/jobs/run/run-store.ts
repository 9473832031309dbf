import { recipeDigest } from '../../config/recipe-form.js';
import type { EngineConfig } from '../../config/config.js';
import type { LabelledImage, TieRule } from '../../domain/domain.js';
import type { EngineSample, EngineStore } from '../../engine/run.js';
import type { MachineFacts } from '../../record/provenance.js';
import { listDigest, type JournalHeader, type JournalShard } from '../../store/journal-header.js';
import { modelKey, type KeyedModel, type ModelKeyParts } from '../../store/key.js';
import type { PredictionStore } from '../../store/prediction-store.js';
import { deviceText, runtimeText } from '../../record/runtime-identity.js';
import type { OpenModel } from './open-models.js';

/** What each model's predictions are stored under. */
export function keyedModels(
  models: readonly OpenModel[],
  ties: TieRule,
  batch: number,
  engine: EngineConfig,
  machine: MachineFacts,
): KeyedModel[] {
  return models.map((model) => {
    const parts: ModelKeyParts = {
      model: model.sha256,
      recipe: recipeDigest(model.recipe),
      classOffset: model.facts.classOffset,
      ties,
      runtime: runtimeText(model.runtime),
      session: `${deviceText(model.runtime)}, graph optimization ${engine.session.graphOptimization}`,
      decoder: ['sharp', 'vips', 'mozjpeg']
        .map((name) => `${name} ${machine.versions[name] ?? '?'}`)
        .join(', '),
      resampler: `reference-pixels ${machine.versions['reference-pixels'] ?? '?'}`,
      arch: process.arch,
      cpuFlags: machine.cpuFlags,
      batch: model.facts.fixedBatch === null ? batch : null,
    };
    return { name: model.config.name, recipe: model.recipe.name, key: modelKey(parts), parts };
  });
}

/** What the journal of a run says of it. */
export function journalHeader(
  samples: readonly EngineSample[],
  models: readonly KeyedModel[],
  settings: JournalHeader['settings'],
  shard: JournalShard | null,
  wholeList: readonly LabelledImage[] = samples,
): JournalHeader {
  return { settings, models, list: { images: wholeList.length, digest: listDigest(wholeList) }, shard };
}

/** How many entries may wait for the disk before reading images pauses. */
const WAITING = 512;

/** A `PredictionStore` as the engine sees it; `indexOf` gives a sample's place in the whole list. */
export function engineStore(
  store: PredictionStore,
  models: readonly KeyedModel[],
  samples: readonly EngineSample[],
  indexOf: (sample: number) => number,
): EngineStore {
  let waiting = 0;
  return {
    get: (model, sample, sha256) => store.get(models[model]!.key, sha256, samples[sample]!.label),
    put(sample, sha256, predictions) {
      const { id, label } = samples[sample]!;
      waiting++;
      store.put(
        { index: indexOf(sample), id, label, sha256 },
        new Map(predictions.map((p, model) => [models[model]!.key, p])),
      );
    },
    putBad(sample, sha256, fault) {
      const { id, label } = samples[sample]!;
      store.putBad({ index: indexOf(sample), id, label, sha256, code: fault.code, message: fault.what });
    },
    async drained() {
      if (waiting < WAITING) return;
      waiting = 0;
      await store.flush();
    },
  };
}
