import ort from 'onnxruntime-node';

import { ModelError, messageOf } from '../../domain/errors.js';
import type { Scores, Session, TensorData } from '../network.js';
import type { SessionSettings } from '../session-settings.js';
import type { OnnxruntimePlan } from './plan.js';
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
  const { inputName, outputName, batchDimension } = plan;
  const bytes = new Uint8Array(plan.bytes).slice();
  const dimensions = settings.fixedDimensions && batchDimension !== null ? { [batchDimension]: rows } : {};
  let session: ort.InferenceSession;
  try {
    session = await ort.InferenceSession.create(bytes, {
      executionProviders: ['cpu'],
      executionMode: 'sequential',
      interOpNumThreads: 1,
      intraOpNumThreads: settings.intraOpNumThreads,
      graphOptimizationLevel: settings.graphOptimization,
      enableCpuMemArena: settings.arena,
      enableMemPattern: settings.arena,
      freeDimensionOverrides: dimensions,
      // What fails is thrown, and told with the model's name.
      logSeverityLevel: 4,
      extra: { session: { intra_op: { allow_spinning: settings.spinning ? '1' : '0' } } },
    });
  } catch (cause) {
    throw new ModelError({
      code: 'model-load-failed',
      what: `onnxruntime ${runtimeVersion} can't load the model: ${messageOf(cause)}`,
      where,
      remedy: 'Check that the file is whole (sha256) and that its opset is one this onnxruntime knows.',
      cause,
    });
  }
  return {
    async run(data, dims) {
      const results = await session.run({ [inputName]: tensor(data, dims) }, [outputName]);
      return scoresOf(results[outputName]!, outputName, where);
    },
    release: () => session.release(),
  };
}

function scoresOf({ data, dims, type }: ort.Tensor, name: string, where: string): Scores {
  if (data instanceof Float32Array || data instanceof Uint8Array || data instanceof Int8Array)
    return { data, dims };
  throw new ModelError({
    code: 'output-dtype',
    what: `the output ${name} is ${type}; scores are read as float32, uint8 or int8`,
    where,
    remedy: 'Add a Cast to float32 at the end of the graph.',
  });
}

function tensor(data: TensorData, dims: readonly number[]): ort.Tensor {
  if (data instanceof Float32Array) return new ort.Tensor('float32', data, dims);
  if (data instanceof Int8Array) return new ort.Tensor('int8', data, dims);
  return new ort.Tensor('uint8', data, dims);
}
