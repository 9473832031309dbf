import { availableParallelism } from 'node:os';

import type { Dataset } from '../../dataset/dataset.js';
import { readRealLabels } from '../../dataset/real-labels.js';
import { indicesOfShard } from '../../dataset/shard.js';
import { RunError, type Fault } from '../../domain/errors.js';
import type { FirstTensor } from '../../engine/messages.js';
import type { EngineSample } from '../../engine/options.js';
import type { EngineResult } from '../../engine/results.js';
import type { RunRecord } from '../../record/run-record.js';
import { tool } from '../tool.js';
import { fatalFaults } from './bad-input.js';
import { buildRecord } from './build-record.js';
import { describeMachine } from './machine.js';
import { engineSamples, withDataset } from './open-dataset.js';
import type { EvaluateOptions, Plan } from './options.js';
import { defaultBatch, isOnDevice, openRunModels, type RunModel } from './run-models.js';
import { runPlan } from './run-plan.js';

export interface Evaluation {
  readonly plan: Plan;
  readonly record: RunRecord;
  /** Faults of the data set and of single images: with any of them the figures don't stand for all that was asked for. */
  readonly faults: readonly Fault[];
  /** The signal stopped it, not its sampling: the record holds what was done until then. */
  readonly stopped: boolean;
}

/**
 * Measures every model of a config on its data set.
 * @throws EvalError of some class where the run can't start or go on; single bad images are listed in `faults`.
 */
export async function measure(options: EvaluateOptions): Promise<Evaluation> {
  return withDataset(options, (dataset) => measureOn(dataset, options));
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
  const onDevice = models.some(isOnDevice);
  const plan: Plan = {
    dataset,
    samples: chosen.map((index) => whole[index]!),
    models,
    workers: options.workers ?? config.engine.workers ?? availableParallelism(),
    onDevice,
    batch: options.batch ?? config.engine.batch ?? defaultBatch(onDevice),
    machine,
  };
  const sampling = options.sampling?.(plan) ?? null;
  events.onStart(plan);
  const warnings: string[] = [...(options.notes ?? [])];
  const warn = (text: string): void => {
    warnings.push(text);
    events.onWarning(text);
  };
  const firstTensors: FirstTensor[] = [];
  const result = await runPlan(options, plan, whole, chosen, sampling, {
    ...events,
    onWarning: warn,
    onFirstTensors(statistics) {
      if (firstTensors.length > 0) return;
      firstTensors.push(...statistics);
      events.onFirstTensors(statistics);
    },
  });
  const part =
    options.shard === null ? (sampling?.part ?? null) : `shard ${options.shard.index} of ${options.shard.of}`;
  const found = {
    models: modelFaults(models, result),
    dataset: dataset.faults,
    images: imageFaults(result, plan.samples),
  };
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
    fatal: fatalFaults(found, config.onBadImage),
  });
  if (record.samples.length === 0 && !result.stopped) throw nothingMeasured(record);
  return {
    plan,
    record,
    faults: [...found.models, ...found.dataset, ...found.images],
    stopped: result.stopped && options.signal.aborted,
  };
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
