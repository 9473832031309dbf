import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';

import { defaults, type Config } from '../../config/config.js';
import type { Prediction } from '../../domain/domain.js';
import { openDataset, type Dataset } from '../../dataset/dataset.js';
import { indicesOfShard } from '../../dataset/shard.js';
import { readRealLabels } from '../../dataset/real-labels.js';
import type { BatchFinding } from '../../domain/batch-finding.js';
import { DatasetError, ModelError, RunError, type Fault } from '../../domain/errors.js';
import type { FirstTensor } from '../../engine/messages.js';
import { planBatch, type BatchPlan } from '../../engine/batch-plan.js';
import { runEngine } from '../../engine/run.js';
import type { EngineProgress, EngineSample, EngineStore } from '../../engine/options.js';
import type { EngineResult } from '../../engine/results.js';
import type { MachineFacts } from '../../record/provenance.js';
import type { RunRecord } from '../../record/run-record.js';
import { readFinding, writeFinding } from '../../store/findings.js';
import type { KeyedModel } from '../../store/key.js';
import { openPredictionStore, type PredictionStore } from '../../store/prediction-store.js';
import type { JournalShard } from '../../store/journal-header.js';
import { markRunning } from '../../store/run-state.js';
import { faultyPart, isOfOneImage, partOf, fatalFaults } from './bad-input.js';
import { buildRecord } from './build-record.js';
import { SetupGuard, type Regressions } from './guard.js';
import { describeMachine } from './machine.js';
import { withScores } from './open-scores.js';
import { openPreparedOfRun } from './prepared.js';
import { imageOrder } from './order.js';
import { openRunModels, workerModel, type RunModel } from './run-models.js';
import { engineStore, journalHeader, keyedModels } from './run-store.js';
import { memoryStore } from './memory-store.js';
import { tool } from '../tool.js';

export interface EvaluateOptions {
  readonly config: Config;
  /** Folder of the journal; null keeps nothing on disk. */
  readonly out: string | null;
  /** Folder of the prediction cache; null to do without. */
  readonly cache: string | null;
  readonly fresh: boolean;
  readonly limit: number | null;
  readonly limitSeed: number;
  readonly workers: number | null;
  readonly batch: number | null;
  /** Part of the list to run, e.g. { index: 3, of: 8 }. */
  readonly shard: { readonly index: number; readonly of: number } | null;
  /** Stop where the first few hundred images say that the set-up is wrong. */
  readonly guard: boolean;
  /** Verdicts that are asked for, which that must not keep from being given. */
  readonly regressions?: (plan: Plan) => Regressions;
  /** The command that repeats the run, for the reports. */
  readonly command: string;
  /** What was found out before the run and belongs into its report, e.g. how a recipe was chosen. */
  readonly notes?: readonly string[];
  readonly signal: AbortSignal;
  readonly events: EvaluateEvents;
  /** The worker threads' script; benches give one whose network sleeps. */
  readonly workerFile?: URL;
  /** Where the run takes another way through the images than all of them in their usual order. */
  readonly course?: (plan: Plan) => Course;
}

/** A run's own way through its samples, and when it knows enough. */
export interface Course {
  /** Places in the plan's samples, in the order in which they are run. */
  readonly order: readonly number[];
  /** Why these are not all samples; null where they are. */
  readonly part: string | null;
  /** Told of every prediction as it comes: workers finish out of order. */
  readonly onPrediction: (model: number, sample: number, prediction: Prediction) => void;
  readonly onBad: (sample: number) => void;
  /** Ends the run early and cleanly. */
  readonly enough: AbortSignal;
}

export interface EvaluateEvents {
  /** Everything is open and the first image is about to be read. */
  readonly onStart: (plan: Plan) => void;
  readonly onProgress: (progress: EngineProgress) => void;
  readonly onFirstTensors: (statistics: readonly FirstTensor[]) => void;
  readonly onWarning: (text: string) => void;
}

/** What is about to run. */
export interface Plan {
  readonly dataset: Dataset;
  readonly samples: readonly EngineSample[];
  readonly models: readonly RunModel[];
  readonly workers: number;
  /** One worker feeds a device, and the others decode for it. */
  readonly onDevice: boolean;
  readonly batch: number;
  readonly machine: MachineFacts;
}

export interface Evaluation {
  readonly plan: Plan;
  readonly record: RunRecord;
  /** Faults of the data set and of single images: with any of them the figures don't stand for all that was asked for. */
  readonly faults: readonly Fault[];
  /** Those among them that `on_bad_image` does not allow. */
  readonly fatal: readonly Fault[];
  /** The signal stopped it, not its course: the record holds what was done until then. */
  readonly stopped: boolean;
}

/**
 * Measures every model of a config on its data set.
 * @throws EvalError of some class where the run can't start or go on; single bad images are told in `faults`.
 */
export async function measure(options: EvaluateOptions): Promise<Evaluation> {
  return withDataset(options, (dataset) => measureOn(dataset, options));
}

/** Opens the data set of a run for as long as `use` takes. */
export async function withDataset<T>(
  { config, limit, limitSeed }: EvaluateOptions,
  use: (dataset: Dataset) => Promise<T>,
): Promise<T> {
  const dataset = await openConfiguredDataset(config, limit, limitSeed);
  try {
    return await use(dataset);
  } finally {
    await dataset.close();
  }
}

/** The same on a data set that is open already and stays open. */
export async function measureOn(dataset: Dataset, options: EvaluateOptions): Promise<Evaluation> {
  const startedAt = new Date();
  const { config, events } = options;
  const models = await openRunModels(config.models, dataset);
  const realLabels =
    config.dataset.labelsReal === null ? null : await readRealLabels(config.dataset.labelsReal);
  const machine = await describeMachine();
  const whole = engineSamples(dataset);
  const chosen =
    options.shard === null ? whole.map((_, index) => index) : indicesOfShard(whole.length, options.shard);
  const onDevice = models.some((model) => model.network !== null && model.source.provider.name !== 'cpu');
  const plan: Plan = {
    dataset,
    samples: chosen.map((index) => whole[index]!),
    models,
    workers: options.workers ?? config.engine.workers ?? availableParallelism(),
    onDevice,
    batch: options.batch ?? config.engine.batch ?? (onDevice ? defaults.deviceBatch : defaults.batch),
    machine,
  };
  const course = options.course?.(plan) ?? null;
  events.onStart(plan);
  const warnings: string[] = [...(options.notes ?? [])];
  const warn = (text: string): void => {
    warnings.push(text);
    events.onWarning(text);
  };
  const firstTensors: FirstTensor[] = [];
  const result = await runPlan(options, plan, whole, chosen, course, {
    ...events,
    onWarning: warn,
    onFirstTensors(statistics) {
      if (firstTensors.length > 0) return;
      firstTensors.push(...statistics);
      events.onFirstTensors(statistics);
    },
  });
  const part =
    options.shard === null ? (course?.part ?? null) : `shard ${options.shard.index} of ${options.shard.of}`;
  const found = {
    models: modelFaults(models, result),
    dataset: dataset.faults,
    images: imageFaults(result, plan.samples),
  };
  const fatal = fatalFaults(found, config.onBadImage);
  const record = buildRecord({
    tool,
    config,
    command: options.command,
    startedAt,
    workers: plan.workers,
    batch: plan.batch,
    ties: config.ties,
    machine,
    dataset,
    samples: plan.samples,
    part: result.stopped ? [part, 'stopped before its end'].filter((p) => p !== null).join(', ') : part,
    models,
    result,
    firstTensors,
    realLabels: realLabels === null ? null : (id) => realLabels.accepted(id),
    warnings,
    fatal,
  });
  if (record.samples.length === 0 && !result.stopped) throw nothingMeasured(record);
  return {
    plan,
    record,
    faults: [...found.models, ...found.dataset, ...found.images],
    fatal,
    stopped: result.stopped && options.signal.aborted,
  };
}

/** Opens the data set that a config names. */
export function openDatasetOf(config: Config, limit: number | null, limitSeed: number): Promise<Dataset> {
  const { images, labels, synsets, subset, only, exclude } = config.dataset;
  return openDataset({
    images,
    labels,
    synsets: synsets ?? undefined,
    subset,
    only: only ?? undefined,
    exclude: exclude ?? undefined,
    limit: limit ?? undefined,
    limitSeed,
  });
}

/**
 * The same, and refuses one that has fewer images than its manifest states without saying so. Where single entries can't
 * be used the run goes on and tells of them at its end.
 */
export async function openConfiguredDataset(
  config: Config,
  limit: number | null,
  limitSeed: number,
): Promise<Dataset> {
  const dataset = await openDatasetOf(config, limit, limitSeed);
  const incomplete = dataset.faults.find((fault) => fault.code === 'fewer-images-than-manifest');
  if (incomplete === undefined || dataset.faults.some(isOfOneImage)) return dataset;
  await dataset.close();
  throw new DatasetError(incomplete);
}

export function engineSamples(dataset: Dataset): EngineSample[] {
  return dataset.samples.map(({ entry, label }) => ({
    id: entry.id,
    label,
    read: () => dataset.source.read(entry),
    ...(dataset.source.place === undefined ? {} : { place: () => dataset.source.place!(entry) }),
    ...(entry.sha256 === undefined ? {} : { sha256: entry.sha256 }),
  }));
}

/** Images that could not be used, in the list's order. */
function imageFaults({ bad }: EngineResult, samples: readonly EngineSample[]): Fault[] {
  return [...bad]
    .sort(([a], [b]) => a - b)
    .map(([index, { code, what }]) => ({ code, what, where: samples[index]!.id, remedy: null }));
}

function modelFaults(models: readonly RunModel[], { failed }: EngineResult): Fault[] {
  return failed.flatMap((fault, model) =>
    fault === null ? [] : [{ ...fault, where: models[model]!.config.name }],
  );
}

function nothingMeasured({ dataset: { badImages } }: Pick<RunRecord, 'dataset'>): RunError {
  const first = badImages.slice(0, 3).map(({ id, message, code }) => `\n  ${id}: ${message} [${code}]`);
  const more = badImages.length > first.length ? `\n  and ${badImages.length - first.length} more` : '';
  return new RunError({
    code: 'nothing-measured',
    what: `not one image could be measured, so there is no figure:${first.join('')}${more}`,
    where: null,
    remedy:
      'Look at the first of them: `imagenet-eval explain CONFIG IMAGE` shows its way through every step.',
  });
}

function unmergeable(model: RunModel): RunError {
  return new RunError({
    code: 'not-mergeable',
    what: "an image's scores depend on what else is in its batch, so figures of shards can't be merged",
    where: model.config.name,
    remedy: 'Leave the batch size out: images are then run one at a time, and shards can be merged.',
  });
}

async function runPlan(
  options: EvaluateOptions,
  plan: Plan,
  whole: readonly EngineSample[],
  chosen: readonly number[],
  course: Course | null,
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
    models.map(async ({ batchDependence }, model): Promise<BatchFinding | null> => {
      if (batchDependence !== null) return { behaviour: 'other-images', why: `it has ${batchDependence}` };
      return options.cache === null ? null : readFinding(options.cache, wished[model]!.key);
    }),
  );
  const shard: JournalShard | null =
    options.shard === null ? null : { ...options.shard, images: samples.length };
  const settings = runSettings(config, dataset, course);
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
    await markRunning(options.out, runningState(config, dataset, samples.length));
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
        course?.order ??
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
      signal: course === null ? options.signal : AbortSignal.any([options.signal, course.enough]),
      onProgress: events.onProgress,
      onFirstTensors: events.onFirstTensors,
      onWarning: events.onWarning,
      onPrediction(model, sample, prediction) {
        guard?.see(model, sample, samples[sample]!.label, prediction);
        course?.onPrediction(model, sample, prediction);
      },
      onBad: (sample) => course?.onBad(sample),
      ...(options.workerFile === undefined ? {} : { workerFile: options.workerFile }),
      onModelFailed(model, fault) {
        // A course compares models: without one of them it leads nowhere.
        if (course !== null) throw new ModelError({ ...fault, where: null });
      },
    });
  } finally {
    // Assigned in a callback, which the compiler doesn't follow.
    await (store as PredictionStore | null)?.close();
  }
}

/** What is told to those who look on. */
function runningState(config: Config, dataset: Dataset, images: number) {
  const names = config.models.map(({ name }) => name);
  return {
    startedAt: new Date().toISOString(),
    title: config.title,
    config: config.file === null ? null : resolve(config.file),
    images,
    models: config.models.map(({ name, compareWith }) => ({
      name,
      comparedWith: compareWith === null ? null : names.indexOf(compareWith),
    })),
    classes: [...dataset.classes],
  };
}

/** What moves a run's figure besides models and recipes, which their keys hold. */
function runSettings(
  config: Config,
  dataset: Dataset,
  course: Course | null,
): Readonly<Record<string, string | number | boolean | null>> {
  return {
    labels: dataset.labelsDescription,
    ties: config.ties,
    'bad images': config.onBadImage,
    subset: partOf([dataset.subset, faultyPart(dataset.faults)]),
    ...(course === null ? {} : { order: 'random, until the gates are decided' }),
  };
}
