import { createHash } from 'node:crypto';
import { basename } from 'node:path';

import type { Config } from '../../config/config.js';
import type { ClassIndex, HashedImage, ImageId, Sha256, TieRule } from '../../domain/domain.js';
import type { Fault } from '../../domain/errors.js';
import type { Dataset } from '../../dataset/dataset.js';
import type { FirstTensor } from '../../engine/messages.js';
import type { EngineSample } from '../../engine/options.js';
import type { EngineResult } from '../../engine/results.js';
import type { BadImage, DatasetFacts, MachineFacts, ModelOrigin } from '../../record/provenance.js';
import type { ModelRecord, RunRecord } from '../../record/run-record.js';
import { faultyPart, partOf, unusablePart } from './bad-input.js';
import type { RunModel } from './run-models.js';

export interface RecordInput {
  readonly tool: RunRecord['tool'];
  readonly config: Config;
  readonly command: string;
  readonly startedAt: Date;
  readonly workers: number;
  readonly batch: number;
  readonly ties: TieRule;
  readonly machine: MachineFacts;
  readonly dataset: Dataset;
  readonly samples: readonly EngineSample[];
  /** Why `samples` are fewer than the whole set, besides what the data set itself says. */
  readonly part: string | null;
  readonly models: readonly RunModel[];
  readonly result: EngineResult;
  readonly firstTensors: readonly FirstTensor[];
  readonly realLabels: ((id: ImageId) => readonly ClassIndex[] | null) | null;
  readonly warnings: readonly string[];
  readonly fatal: readonly Fault[];
}

/** What a finished run hands to its reports: only models that ran, and images that all of these have judged, in canonical order. */
export function buildRecord(input: RecordInput): RunRecord {
  const { config, dataset, samples, models, result, firstTensors } = input;
  const kept = samples.flatMap((_, index) =>
    result.predictions.every((column, model) => result.failed[model] !== null || column.has(index))
      ? [index]
      : [],
  );
  const listed: HashedImage[] = kept.map((index) => ({
    id: samples[index]!.id,
    label: samples[index]!.label,
    sha256: result.sha256[index]!,
  }));
  return {
    tool: input.tool,
    run: {
      title: config.title,
      command: input.command,
      config: { file: config.file === null ? null : basename(config.file), sha256: config.sha256 },
      startedAt: input.startedAt.toISOString(),
      seconds: result.seconds,
      workers: input.workers,
      batch: input.batch,
      ties: input.ties,
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
      throughput: result.throughput,
      warnings: [...dataset.notes, ...dataset.faults.map(faultLine), ...input.warnings],
      fatal: input.fatal.map(({ code, what, where }) => ({ code, what, where })),
    },
    machine: input.machine,
    dataset: datasetRecord(input, listed),
    samples: listed,
    realLabels: input.realLabels === null ? null : listed.map(({ id }) => input.realLabels?.(id) ?? []),
    models: models.flatMap((model, index) =>
      result.failed[index] === null ? [modelRecord(model, index, kept, result, firstTensors)] : [],
    ),
  };
}

function faultLine({ where, what, code }: Fault): string {
  return `${where === null ? '' : `${where}: `}${what} [${code}]`;
}

function datasetRecord(input: RecordInput, listed: readonly HashedImage[]): DatasetFacts {
  const { dataset, samples, result, part } = input;
  const bad = [...result.bad].sort(([a], [b]) => a - b);
  const badImages = bad.map(([index, fault]): BadImage => ({
    id: samples[index]!.id,
    label: samples[index]!.label,
    code: fault.code,
    message: fault.what,
  }));
  return {
    description: dataset.source.description,
    layout: dataset.source.layout,
    labels: dataset.labelsDescription,
    manifest: dataset.manifest?.name ?? null,
    manifestImages: dataset.manifest?.images ?? null,
    subset: partOf([
      dataset.subset,
      part,
      unusablePart(badImages.length, samples.length),
      faultyPart(dataset.faults),
    ]),
    population: dataset.population,
    leftOut: dataset.leftOut,
    drawnByClass: dataset.drawnByClass,
    digest: samplesDigest(listed),
    classes: dataset.classes,
    badImages,
  };
}

/** SHA-256 over `id TAB sha256 TAB label LF` of all samples in order. */
export function samplesDigest(samples: readonly HashedImage[]): Sha256 {
  const hash = createHash('sha256');
  for (const { id, sha256, label } of samples) hash.update(`${id}\t${sha256}\t${label}\n`);
  return hash.digest('hex');
}

function modelRecord(
  model: RunModel,
  index: number,
  kept: readonly number[],
  result: EngineResult,
  firstTensors: readonly FirstTensor[],
): ModelRecord {
  const scored = model.network === null;
  const computed = kept.length - result.reused[index]!;
  return {
    ...originOf(model),
    tolerance: model.config.tolerance,
    batchInvariant: scored ? null : result.plans[index]!.batchInvariant,
    predictions: result.predictions[index]!.of(kept),
    reused: scored ? 0 : result.reused[index]!,
    inferenceSeconds: computed > 0 ? result.times.inference[index]! : null,
    firstTensor: firstTensors.find(({ model: fed }) => fed === index)?.tensor ?? null,
  };
}

function originOf(model: RunModel): ModelOrigin {
  if (model.network === null) {
    const { config, path, network, batchFinding, table, digest, ...origin } = model;
    return origin;
  }
  const { config, source, path, network, plan, batchFinding, ...origin } = model;
  return origin;
}
