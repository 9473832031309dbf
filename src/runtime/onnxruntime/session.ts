import { statSync } from 'node:fs';
import { dirname } from 'node:path';

import ort from 'onnxruntime-node';

import { ModelError, messageOf } from '../../domain/errors.js';
import type { Scores, Session } from '../network.js';
import type { SessionSettings } from '../session-settings.js';
import { exactSession } from './exact-session.js';
import type { OnnxruntimePlan } from './plan.js';
import { executionProvider, remedies } from './provider.js';
import { scoresOf, tensorOf } from './tensors.js';
import { runtimeVersion } from './version.js';

/**
 * Loads a network in onnxruntime.
 * @param rows images a call will have; onnxruntime is told before it optimises where the settings ask for it
 * @throws ModelError `model-load-failed` with onnxruntime's reason
 */
export async function openOnnxruntimeSession(
  plan: OnnxruntimePlan,
  where: string,
  settings: SessionSettings,
  rows: number,
): Promise<Session> {
  const { inputName, inputDtype, outputName, batchDimension } = plan;
  const dimensions = settings.fixedDimensions && batchDimension !== null ? { [batchDimension]: rows } : {};
  const session = await loadSession(plan, where, settings, dimensions);
  return {
    async run(data, dims): Promise<Scores> {
      const results = await session.run({ [inputName]: tensorOf(data, inputDtype, dims) }, [outputName]);
      return scoresOf(results[outputName]!, outputName, where);
    },
    release: () => session.release(),
  };
}

/** Starts what the first session of a thread would start, for 20 ms: opening nothing fails, and has started it. */
export async function startOnnxruntime(): Promise<void> {
  await ort.InferenceSession.create(new Uint8Array(0), { logSeverityLevel: 4 }).catch(() => undefined);
}

/** What of a plan says which network it is. */
export type OnnxruntimeModel = Pick<OnnxruntimePlan, 'bytes' | 'file' | 'stamps' | 'provider'>;

/** @throws ModelError `model-load-failed` with onnxruntime's reason, `model-altered` where a file is another than was hashed */
export async function loadSession(
  { bytes, file, stamps, provider }: OnnxruntimeModel,
  where: string,
  settings: SessionSettings,
  dimensions: Readonly<Record<string, number>>,
): Promise<ort.InferenceSession> {
  for (const { path, bytes: size, modified } of stamps) {
    const now = statSync(path, { throwIfNoEntry: false });
    if (now?.size === size && now.mtimeMs === modified) continue;
    throw new ModelError({
      code: 'model-altered',
      what: `${path} was changed after the run had begun`,
      where,
      remedy: 'Run again; what was measured until now is kept under the hash of the files as they were.',
    });
  }
  const options = {
    executionProviders: [executionProvider(provider)],
    executionMode: 'sequential',
    interOpNumThreads: 1,
    intraOpNumThreads: settings.intraOpNumThreads,
    graphOptimizationLevel: settings.graphOptimization,
    enableCpuMemArena: settings.arena,
    enableMemPattern: settings.arena,
    freeDimensionOverrides: dimensions,
    // What fails is thrown, and told with the model's name.
    logSeverityLevel: 4,
    extra: {
      session: {
        intra_op: { allow_spinning: settings.spinning ? '1' : '0' },
        // Of a network that is opened from memory; else beside its file.
        ...(bytes === null ? {} : { model_external_initializers_file_folder_path: dirname(file) }),
      },
    },
  } satisfies ort.InferenceSession.SessionOptions;
  try {
    return await exactSession(bytes === null ? file : new Uint8Array(bytes).slice(), options);
  } catch (cause) {
    throw new ModelError({
      code: 'model-load-failed',
      what: `onnxruntime ${runtimeVersion} can't load the model: ${messageOf(cause)}`,
      where,
      remedy: remedies[provider.name],
      cause,
    });
  }
}
