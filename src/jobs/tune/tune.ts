import { availableParallelism } from 'node:os';
import { isDeepStrictEqual } from 'node:util';

import type { Config } from '../../config/config.js';
import type { BatchFinding } from '../../domain/batch-finding.js';
import { ModelError, RunError } from '../../domain/errors.js';
import { runEngine } from '../../engine/run.js';
import type { EngineResult } from '../../engine/results.js';
import type { EngineSample } from '../../engine/options.js';
import { defaultSettings } from '../../runtime/session-settings.js';
import { engineSamples, withDataset } from '../run/open-dataset.js';
import { memoryStore } from '../run/memory-store.js';
import { openNetworks, type OpenModel } from '../run/open-models.js';
import { imageOrder } from '../run/order.js';
import { defaultBatch, isOnDevice } from '../run/run-models.js';
import { searchSettings, type SpeedSettings, type SpeedTrial, type TuneResult } from './tune-search.js';

export interface TuneOptions {
  readonly config: Config;
  /** Nothing new is tried after this time. */
  readonly seconds: number;
  readonly signal: AbortSignal;
  readonly onTrial: (trial: SpeedTrial) => void;
}

export interface Tuning extends TuneResult {
  /** Images that each trial ran. */
  readonly images: number;
}

/** Batches that are tried, on processors and where a model runs on a device of its own. */
const cpuBatches = [1, 2, 8, 16];
const deviceBatches = [4, 32, 64, 128];

/** Seconds that one trial should take, workers' start not counted. */
const trialSeconds = 2.5;
/** Images of the first, calibrating run, and the most of any. */
const fewestImages = 48;
const mostImages = 1024;

/**
 * Finds the engine settings under which this machine runs this config fastest without any prediction changing.
 * @throws EvalError where the run can't start, and where the signal stopped it
 */
export async function tune({ config, seconds, signal, onTrial }: TuneOptions): Promise<Tuning> {
  const start = performance.now();
  const cores = availableParallelism();
  return withDataset({ config, limit: mostImages }, async (dataset) => {
    const models = await openNetworks(config.models, dataset.classes.length);
    const all = engineSamples(dataset);
    const order = imageOrder(
      all.map((sample) => sample.label),
      dataset.source.layout,
    );
    const onDevice = models.some(isOnDevice);
    const standard: SpeedSettings = {
      workers: cores,
      batch: defaultBatch(onDevice),
      ...defaultSettings,
    };
    // What the files don't tell is found by the first run: the others only measure.
    let findings: readonly (BatchFinding | null)[] = models.map(({ batchFinding }) => batchFinding);
    const run = async (settings: SpeedSettings, count: number): Promise<Measured> => {
      const samples = order.slice(0, count).map((index) => all[index]!);
      const measured = await measureSettings(
        config,
        models,
        dataset.classes.length,
        samples,
        settings,
        // As it stands in a config: the default needn't be written.
        settings.batch !== standard.batch,
        findings,
        signal,
      );
      ({ findings } = measured);
      return measured;
    };
    const { rate } = await run(standard, fewestImages);
    const images = Math.min(all.length, Math.max(fewestImages, Math.round(rate * trialSeconds)));
    let reference: EngineResult['predictions'] | null = null;
    const attempt = async (settings: SpeedSettings): Promise<SpeedTrial> => {
      const measured = await run(settings, images);
      reference ??= measured.predictions;
      const trial = {
        settings,
        imagesPerSecond: measured.rate,
        changed: changedImages(reference, measured.predictions, images),
      };
      onTrial(trial);
      return trial;
    };
    const left = (): boolean => (performance.now() - start) / 1000 < seconds;
    return {
      images,
      ...(await searchSettings(standard, cores, onDevice ? deviceBatches : cpuBatches, attempt, left)),
    };
  });
}

interface Measured {
  readonly findings: readonly (BatchFinding | null)[];
  readonly rate: number;
  readonly predictions: EngineResult['predictions'];
}

async function measureSettings(
  config: Config,
  models: readonly OpenModel[],
  classes: number,
  samples: readonly EngineSample[],
  settings: SpeedSettings,
  batchExplicit: boolean,
  known: readonly (BatchFinding | null)[],
  signal: AbortSignal,
): Promise<Measured> {
  let findings = known;
  let from = { images: 0, seconds: 0 };
  let to = from;
  const { workers, batch, ...session } = settings;
  // Every worker has its first jobs behind it.
  const warm = Math.min(2 * workers * batch, samples.length / 3);
  const result = await runEngine({
    samples,
    order: samples.map((_, index) => index),
    models: models.map((model) => ({
      name: model.config.name,
      plan: model.plan,
      facts: model.facts,
      recipe: model.recipe,
      classes,
    })),
    workers: Math.min(workers, Math.ceil(samples.length / batch)),
    batch,
    onDevice: models.some(isOnDevice),
    batchExplicit,
    findings,
    onFindings: (found) => (findings = found),
    settings: { ...defaultSettings, ...session },
    ties: config.ties,
    decodeTimeoutMs: config.engine.decodeTimeoutSeconds * 1000,
    openStore: () => Promise.resolve(memoryStore),
    signal,
    onProgress({ done, seconds }) {
      to = { images: done, seconds };
      if (done <= warm) from = to;
    },
    onFirstTensors: () => undefined,
    onWarning: () => undefined,
    onPrediction: () => undefined,
    onModelFailed(_, fault) {
      throw new ModelError({ ...fault, where: null });
    },
  });
  if (result.stopped)
    throw new RunError({ code: 'tune-stopped', what: 'tuning was stopped', where: null, remedy: null });
  if (result.bad.size === samples.length || to.images <= from.images)
    throw new RunError({
      code: 'nothing-to-tune',
      what: `no speed can be measured on ${samples.length} images, ${result.bad.size} of which can't be read`,
      where: null,
      remedy: 'Give a config with some tens of good images.',
    });
  return {
    findings,
    rate: (to.images - from.images) / (to.seconds - from.seconds),
    predictions: result.predictions,
  };
}

/** Images of which any model says anything else, to the last bit of its five best scores. */
function changedImages(
  a: EngineResult['predictions'],
  b: EngineResult['predictions'],
  images: number,
): number {
  let changed = 0;
  for (let image = 0; image < images; image++)
    if (a.some((rows, model) => !isDeepStrictEqual(rows.at(image), b[model]!.at(image)))) changed++;
  return changed;
}
