import type { Config } from '../../config/config.js';
import type { Dataset } from '../../dataset/dataset.js';
import type { BatchFinding } from '../../domain/batch-finding.js';
import { ModelError, RunError } from '../../domain/errors.js';
import { planBatch, type BatchPlan } from '../../engine/batch-plan.js';
import type { EngineSample, EngineStore } from '../../engine/options.js';
import type { EngineResult } from '../../engine/results.js';
import { runEngine } from '../../engine/run.js';
import { readFinding, writeFinding } from '../../store/findings.js';
import type { JournalShard } from '../../store/journal-header.js';
import type { KeyedModel } from '../../store/key.js';
import { openPredictionStore, type PredictionStore } from '../../store/prediction-store.js';
import { markRunning, watchedModels } from '../../store/run-state.js';
import { faultyPart, partOf } from './bad-input.js';
import { SetupGuard } from './guard.js';
import { memoryStore } from './memory-store.js';
import { withScores } from './open-scores.js';
import type { EvaluateEvents, EvaluateOptions, Plan, Sampling } from './options.js';
import { imageOrder } from './order.js';
import { openPreparedOfRun } from './prepared.js';
import { workerModel, type RunModel } from './run-models.js';
import { engineStore, journalHeader, keyedModels } from './run-store.js';
import { shownImages } from './shown-images.js';

function unmergeable(model: RunModel): RunError {
  return new RunError({
    code: 'not-mergeable',
    what: "an image's scores depend on what else is in its batch or on chance, so figures of shards can't be merged",
    where: model.config.name,
    remedy:
      'Leave the batch size out: images are then run one at a time, and shards can be merged. Where chance is in the scores, export the network for inference.',
  });
}

/**
 * Streams a plan's samples through its models: what the store knows is taken from there, the rest is kept in it.
 *
 * @param whole the list that the plan's samples are a part of, `chosen` their places in it
 */
export async function runPlan(
  options: EvaluateOptions,
  plan: Plan,
  whole: readonly EngineSample[],
  chosen: readonly number[],
  sampling: Sampling | null,
  events: EvaluateEvents,
): Promise<EngineResult> {
  const { config } = options;
  const { dataset, models, samples, batch, workers, onDevice } = plan;
  const batchExplicit = (options.batch ?? config.engine.batch) !== null;
  const keysUnder = (plans: readonly Pick<BatchPlan, 'rows' | 'imagesPerCall'>[]): KeyedModel[] =>
    keyedModels(models, dataset.classes.length, config.ties, plans, config.engine, plan.machine);
  const wished = keysUnder(
    models.map(({ facts }) => planBatch(facts, { batch, explicit: batchExplicit }, null)),
  );
  const findings = await Promise.all(
    models.map(async ({ batchFinding }, model): Promise<BatchFinding | null> => {
      if (batchFinding !== null || options.cache === null) return batchFinding;
      return readFinding(options.cache, wished[model]!.key);
    }),
  );
  const shard: JournalShard | null =
    options.shard === null ? null : { ...options.shard, images: samples.length };
  const settings = runSettings(config, dataset, sampling !== null);
  let store: PredictionStore | null = null;
  const openStore = async (plans: readonly BatchPlan[]): Promise<EngineStore> => {
    const repeatable = plans.map((one) => one.repeatable);
    if (options.shard !== null && repeatable.includes(false))
      throw unmergeable(models[repeatable.indexOf(false)]!);
    const known = (under: EngineStore): EngineStore =>
      withScores(
        under,
        models.map((model) => (model.network === null ? model : null)),
        samples,
        dataset.classes.length,
        config.ties,
      );
    if (options.out === null) return known(memoryStore);
    const keys = keysUnder(plans);
    store = await openPredictionStore({
      folder: options.out,
      header: journalHeader(samples, keys, settings, shard, whole),
      fresh: options.fresh,
      cache: options.cache,
      warn: events.onWarning,
    });
    await markRunning(options.out, runningState(config, models, dataset, samples.length));
    return known(engineStore(store, keys, samples, (sample) => chosen[sample]!, repeatable));
  };
  const prepared = await openPreparedOfRun(config, dataset, models, events.onWarning);
  const guarded = models.map(({ config: { name }, facts }) => ({ name, outputs: facts.outputClasses }));
  const guard = options.guard
    ? SetupGuard.over(guarded, dataset.classes, samples.length, options.regressions?.(plan) ?? null)
    : null;
  try {
    return await runEngine({
      samples,
      order:
        sampling?.order ??
        imageOrder(
          samples.map((sample) => sample.label),
          dataset.source.layout,
        ),
      prepared: prepared.images,
      models: models.map((model, at) => ({
        name: model.config.name,
        ...workerModel(model),
        keepIn: prepared.keepIn[at] ?? null,
        classes: dataset.classes.length,
      })),
      workers: Math.max(1, Math.min(workers, Math.ceil(samples.length / batch))),
      onDevice,
      batch,
      batchExplicit,
      findings,
      onFindings(found) {
        if (options.cache === null) return;
        for (const [model, finding] of found.entries())
          if (finding !== null && findings[model] === null)
            void writeFinding(options.cache, wished[model]!.key, finding);
      },
      settings: config.engine.session,
      ties: config.ties,
      decodeTimeoutMs: config.engine.decodeTimeoutSeconds * 1000,
      openStore,
      signal:
        sampling?.enough === undefined ? options.signal : AbortSignal.any([options.signal, sampling.enough]),
      onProgress: events.onProgress,
      onFirstTensors: events.onFirstTensors,
      onWarning: events.onWarning,
      onPrediction(model, sample, prediction) {
        guard?.see(model, sample, samples[sample]!.label, prediction);
        sampling?.onPrediction?.(model, sample, prediction);
      },
      onBad: (sample) => sampling?.onBad?.(sample),
      ...(options.workerFile === undefined ? {} : { workerFile: options.workerFile }),
      onModelFailed(model, fault) {
        // It compares models: without one of them it leads nowhere.
        if (sampling !== null) throw new ModelError({ ...fault, where: null });
      },
    });
  } finally {
    // Assigned in a callback, which the compiler doesn't follow.
    await (store as PredictionStore | null)?.close();
  }
}

/** What `view` shows of a run that is going on. */
function runningState(config: Config, models: readonly RunModel[], dataset: Dataset, images: number) {
  return {
    startedAt: new Date().toISOString(),
    title: config.title,
    shown: shownImages(config),
    images,
    models: watchedModels(config.models).map((model, at) => ({
      ...model,
      outputDtype: models[at]!.facts.outputDtype,
    })),
    classes: [...dataset.classes],
  };
}

/** What moves a run's figure besides models and recipes, which their keys hold. */
export function runSettings(
  config: Config,
  dataset: Dataset,
  sampled: boolean,
): Readonly<Record<string, string | number | boolean | null>> {
  return {
    labels: dataset.labelsDescription,
    ties: config.ties,
    'bad images': config.onBadImage,
    subset: partOf([dataset.subset, faultyPart(dataset.faults)]),
    ...(sampled ? { order: 'random, until the gates are decided' } : {}),
  };
}
