import { readFileSync } from 'node:fs';
import type { Recipe } from 'reference-pixels/recipe';

import { parseConfig } from '../../src/config/config.js';
import type { Prediction } from '../../src/domain/domain.js';
import type { WorkerModel } from '../../src/engine/messages.js';
import { runEngine } from '../../src/engine/run.js';
import type { EngineOptions, EngineSample, EngineStore } from '../../src/engine/options.js';
import type { EngineResult } from '../../src/engine/results.js';
import { memoryStore } from '../../src/jobs/run/memory-store.js';
import { modelFacts } from '../../src/model/facts.js';
import { OnnxGraph } from '../../src/model/graph/graph.js';
import { describeOnnx } from '../../src/model/onnx-description.js';
import { cpuProvider } from '../../src/runtime/onnxruntime/provider.js';
import { defaultSettings } from '../../src/runtime/session-settings.js';
import { demoRecipe, drawings, floatModel, int8Model, labelOf } from '../e2e/demo-set.js';

/** The engine on the demo, without program, config file or disk; its threads run the built worker. */

export const builtWorker = new URL('../../dist/engine/worker.js', import.meta.url);

export function recipeOf(yaml: string): Recipe {
  const text = `dataset: { images: x, labels: folders }\nmodels: [ { name: m, path: m.onnx, recipe: ${yaml} } ]`;
  return parseConfig(text).models[0]!.recipe!;
}

export function workerModel(name: string, bytes: Uint8Array, recipe = demoRecipe()): WorkerModel {
  const shared = new SharedArrayBuffer(bytes.length);
  new Uint8Array(shared).set(bytes);
  const read = recipeOf(recipe);
  const expected = { recipe: read, classes: 20, classOffset: null, output: null };
  const facts = modelFacts(describeOnnx(new OnnxGraph(bytes, name)), expected, name);
  const { inputName, outputName, batchDimension } = facts;
  const plan = {
    runtime: 'onnxruntime',
    bytes: shared,
    file: name,
    stamps: [],
    provider: cpuProvider,
    inputName,
    inputDtype: facts.inputDtype,
    outputName,
    batchDimension,
  } as const;
  return { name, plan, facts, recipe: read, classes: 20 };
}

export const floatBytes: Uint8Array = readFileSync(floatModel);
export const int8Bytes: Uint8Array = readFileSync(int8Model);

/** Both networks of the demo. */
export function bothModels(): WorkerModel[] {
  return [workerModel('float', floatBytes), workerModel('int8', int8Bytes)];
}

/** The first `count` drawings. */
export function samples(count: number): EngineSample[] {
  return [...drawings].slice(0, count).map(([id, bytes]) => ({
    id,
    label: labelOf.get(id)!,
    // Copies: bytes are handed on to threads.
    read: () => Promise.resolve(Uint8Array.from(bytes)),
  }));
}

/**
 * A copy of a network whose batch is fixed: the free dimension `batch` of input and output becomes a number of the same
 * length in bytes (a varint with leading zeros).
 */
export function withFixedBatch(bytes: Uint8Array, batch: number): Uint8Array {
  const free = Buffer.concat([Buffer.from([0x12, 5]), Buffer.from('batch')]);
  const fixed = Buffer.from([0x08, 0x80 | batch, 0x80, 0x80, 0x80, 0x80, 0x00]);
  const copy = Buffer.from(bytes);
  for (let at = copy.indexOf(free); at >= 0; at = copy.indexOf(free, at)) fixed.copy(copy, at);
  return copy;
}

export interface Outcome extends Omit<EngineResult, 'predictions'> {
  /** By model, then by sample; null where there is none. */
  readonly predictions: readonly (readonly (Prediction | null)[])[];
  readonly warnings: readonly string[];
}

export async function engine(
  options: Partial<EngineOptions> & { count?: number; store?: EngineStore } = {},
): Promise<Outcome> {
  const { count = 24, store = memoryStore, ...given } = options;
  const models = given.models ?? bothModels();
  const list = given.samples ?? samples(count);
  const warnings: string[] = [];
  const result = await runEngine({
    samples: list,
    order: list.map((_, index) => index),
    models,
    workers: 1,
    batch: 4,
    batchExplicit: false,
    findings: models.map(() => null),
    settings: defaultSettings,
    ties: 'lowest-index',
    decodeTimeoutMs: 60_000,
    openStore: () => Promise.resolve(store),
    signal: new AbortController().signal,
    onProgress: () => undefined,
    onFirstTensors: () => undefined,
    onWarning: (text) => warnings.push(text),
    onPrediction: () => undefined,
    workerFile: builtWorker,
    ...given,
  });
  const predictions = result.predictions.map((rows) => list.map((_, sample) => rows.at(sample) ?? null));
  return { ...result, predictions, warnings };
}
