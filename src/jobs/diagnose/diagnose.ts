import type { Config } from '../../config/config.js';
import { ConfigError } from '../../domain/errors.js';
import { permutation } from '../../metrics/permutation.js';
import {
  DIAGNOSIS_FORMAT,
  DIAGNOSIS_VERSION,
  type DiagnosedModel,
  type Diagnosis,
} from '../../report/diagnosis-schema.js';
import { runtimeVersion } from '../../runtime/onnxruntime/version.js';
import { engineSamples, withDataset } from '../run/open-dataset.js';
import { tool } from '../tool.js';
import { diagnoseModel, type ModelDiagnosis } from './diagnose-model.js';
import type { BadImage } from './images.js';
import type { DiagnosisProgress } from './progress.js';
import { modelsToDiagnose, openSubject, withRestored, type Subject } from './subject.js';

/** Images looked at where no number is given: enough to tell what costs accuracy, and a minute or two of work. */
export const DIAGNOSIS_IMAGES = 256;

export interface DiagnoseOptions {
  readonly config: Config;
  /** null: every model with compare_with. */
  readonly model: string | null;
  /** null: `DIAGNOSIS_IMAGES`, or all where there are fewer. */
  readonly images: number | null;
  readonly seed: number;
  readonly workers: number | null;
  readonly batch: number | null;
  /** Layers that the network to be written has in float; null where none is written. */
  readonly restore: number | null;
  readonly command: string;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: DiagnosisProgress) => void;
}

export interface DiagnoseResult {
  readonly diagnosis: Diagnosis;
  /** The ONNX file with layers restored that was asked for; null where none was, or it was not reached. */
  readonly written: { readonly bytes: Uint8Array; readonly layers: readonly string[] } | null;
}

/**
 * Names the quantizers that cost a model its accuracy, what is wrong with them and what to do.
 * @returns null where the signal stopped it before anything was known
 * @throws ConfigError, ModelError, DatasetError where there is nothing to diagnose; RunError where a worker died
 */
export async function diagnose(options: DiagnoseOptions): Promise<DiagnoseResult | null> {
  const startedAt = new Date();
  const usedBefore = process.cpuUsage();
  const { config, seed, restore } = options;
  const models = modelsToDiagnose(config, options.model);
  if (restore !== null && models.length > 1)
    throw new ConfigError({
      code: 'model-not-named',
      what: `one file is to be written, and ${models.length} models would be diagnosed`,
      where: config.file,
      remedy: `Name one: --model "${models[0]!.name}".`,
    });
  return withDataset({ config }, async (dataset) => {
    const samples = engineSamples(dataset);
    const count = Math.min(samples.length, options.images ?? DIAGNOSIS_IMAGES);
    const order = [...permutation(samples.length, seed)].slice(0, count).map((at) => samples[at]!);
    const found: DiagnosedModel[] = [];
    const bad = new Map<string, BadImage>();
    let written: DiagnoseResult['written'] = null;
    for (const model of models) {
      const subject = await openSubject(config, model, dataset.classes.length);
      const outcome = await diagnoseModel({
        config,
        subject,
        samples: order,
        classes: dataset.classes.length,
        workers: options.workers,
        batch: options.batch,
        restore: restore ?? 0,
        signal: options.signal,
        onProgress: options.onProgress,
      });
      if (outcome === null) break;
      found.push(outcome.model);
      for (const image of outcome.bad) bad.set(image.id, image);
      if (restore !== null) written = restoredFile(subject, outcome, restore);
      if (outcome.stopped) break;
    }
    if (found.length === 0) return null;
    const used = process.cpuUsage(usedBefore);
    const diagnosis: Diagnosis = {
      format: DIAGNOSIS_FORMAT,
      version: DIAGNOSIS_VERSION,
      tool,
      command: options.command,
      title: config.title,
      startedAt: startedAt.toISOString(),
      seconds: (Date.now() - startedAt.getTime()) / 1000,
      cpuSeconds: (used.user + used.system) / 1e6,
      complete: !options.signal.aborted,
      dataset: {
        description: dataset.source.description,
        population: samples.length,
        images: count,
        seed,
        badImages: [...bad.values()],
      },
      arithmetic:
        'Q/DQ computed one by one, all else in float32: graph optimization level all with session.disable_quant_qdq = 1',
      runtime: { name: 'onnxruntime', version: runtimeVersion },
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
      models: found,
    };
    return { diagnosis, written };
  });
}

/** The network with the first `layers` layers of the restoration in float; null where so many were not reached. */
function restoredFile(
  subject: Subject,
  { restored, model }: ModelDiagnosis,
  layers: number,
): DiagnoseResult['written'] {
  if (restored.length < layers && layers > 0 && restored.length === 0) return null;
  const chosen = restored.slice(0, layers);
  const places = [...new Set(chosen.flat())].sort((a, b) => a - b);
  return {
    bytes: withRestored(subject, places),
    layers: model.restoration.slice(0, chosen.length).map(({ layer }) => layer),
  };
}
