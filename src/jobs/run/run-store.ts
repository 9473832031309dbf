import type { EngineConfig } from '../../config/config.js';
import type { LabelledImage, TieRule } from '../../domain/domain.js';
import type { BatchPlan } from '../../engine/batch-plan.js';
import type { EngineSample, EngineStore } from '../../engine/options.js';
import type { MachineFacts } from '../../record/provenance.js';
import { listDigest, type JournalHeader, type JournalShard } from '../../store/journal-header.js';
import { modelKey, type KeyedModel, type ModelKeyParts } from '../../store/key.js';
import type { PredictionStore } from '../../store/prediction-store.js';
import { deviceText, runtimeText } from '../../record/runtime-identity.js';
import type { OpenModel } from './open-models.js';
import type { RunModel } from './run-models.js';

/** What each model's predictions are stored under. */
export function keyedModels(
  models: readonly RunModel[],
  classes: number,
  ties: TieRule,
  plans: readonly Pick<BatchPlan, 'rows' | 'imagesPerCall'>[],
  engine: EngineConfig,
  machine: MachineFacts,
): KeyedModel[] {
  return models.map((model, at) => {
    const { rows, imagesPerCall } = plans[at]!;
    const parts: ModelKeyParts = {
      model: model.network === null ? model.digest : model.sha256,
      recipe: model.recipeSha256 ?? 'not stated',
      classOffset: model.facts.classOffset,
      classes,
      ties,
      runtime: model.network === null ? 'made elsewhere' : runtimeText(model.runtime),
      session: model.network === null ? '' : sessionText(model, engine, machine),
      decoder: ['sharp', 'vips', 'mozjpeg']
        .map((name) => `${name} ${machine.versions[name] ?? '?'}`)
        .join(', '),
      resampler: `reference-pixels ${machine.versions['reference-pixels'] ?? '?'}`,
      platform: process.platform,
      arch: process.arch,
      cpuFlags: machine.cpuFlags,
      // A file's own batch is part of the file, unless each image fills it alone.
      batch: model.facts.fixedBatch === null ? rows : imagesPerCall === rows ? null : imagesPerCall,
    };
    return { name: model.config.name, recipe: model.recipe?.name ?? null, key: modelKey(parts), parts };
  });
}

/** Device and options that change results; a batch size that is told to the runtime changes how it optimises the graph. */
function sessionText(
  { runtime, facts }: OpenModel,
  { session }: EngineConfig,
  { exactProducts }: MachineFacts,
): string {
  const fixed = session.fixedDimensions && facts.batchDimension !== null;
  const exact = exactProducts && runtime.name === 'onnxruntime' && runtime.adapter === null;
  const adapter = runtime.adapter === null ? '' : `adapter ${runtime.adapter}, `;
  return `${adapter}${deviceText(runtime)}, graph optimization ${session.graphOptimization}${fixed ? ', fixed dimensions' : ''}${exact ? ', exact products' : ''}`;
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
  /** By model: whether its predictions may be kept; false where they depend on the company of an image. */
  kept: readonly boolean[],
): EngineStore {
  let waiting = 0;
  return {
    get: (model, sample, sha256) =>
      kept[model] === true ? store.get(models[model]!.key, sha256, samples[sample]!.label) : undefined,
    put(sample, sha256, predictions) {
      const { id, label } = samples[sample]!;
      waiting++;
      store.put(
        { index: indexOf(sample), id, label, sha256 },
        new Map(
          [...predictions].flatMap(([model, p]) => (kept[model] === true ? [[models[model]!.key, p]] : [])),
        ),
      );
    },
    putBad(sample, sha256, fault) {
      const { id, label } = samples[sample]!;
      store.putBad({ index: indexOf(sample), id, label, sha256, code: fault.code, message: fault.what });
    },
    knownToKill(sample, sha256) {
      const known = store.bad(indexOf(sample), sha256);
      if (known?.code !== 'worker-died') return null;
      return {
        code: known.code,
        what: `${known.message} (in an earlier run in this folder; not tried again)`,
        remedy: 'With --fresh it is tried again.',
      };
    },
    async ready() {
      if (waiting < WAITING) return;
      waiting = 0;
      await store.flush();
    },
  };
}
