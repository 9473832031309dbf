import ort from 'onnxruntime-node';

import { ModelError, messageOf } from '../domain/errors.js';
import type { TensorSpec } from '../image/recipe.js';
import type { SessionSettings } from './session-settings.js';

export { defaultSettings, type SessionSettings } from './session-settings.js';

export type TensorData = Float32Array | Uint8Array | Int8Array;

/** A loaded network. `run` blocks the calling thread: use one session a worker thread. */
export interface Session {
  /** Feeds `data` of shape `dims`; gives the first output's values, row-major. */
  run(data: TensorData, dims: readonly number[]): Promise<TensorData>;
  release(): Promise<void>;
}

/**
 * Loads a network from its bytes. `dimensions`: sizes of dynamic dimensions, by their names in the file.
 * @throws ModelError `model-load-failed` with onnxruntime's reason.
 */
export async function openSession(
  bytes: Uint8Array,
  where: string,
  settings: SessionSettings,
  dimensions: Readonly<Record<string, number>> = {},
): Promise<Session> {
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
      logSeverityLevel: 3,
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
  const input = session.inputNames[0]!;
  const output = session.outputNames[0]!;
  return {
    async run(data, dims) {
      const results = await session.run({ [input]: tensor(data, dims) }, [output]);
      const values = results[output]!.data;
      if (values instanceof Float32Array || values instanceof Uint8Array || values instanceof Int8Array)
        return values;
      throw new ModelError({
        code: 'output-dtype',
        what: `the output ${output} is ${results[output]!.type}; scores are read as float32, uint8 or int8`,
        where,
        remedy: 'Add a Cast to float32 at the end of the graph.',
      });
    },
    release: () => session.release(),
  };
}

function tensor(data: TensorData, dims: readonly number[]): ort.Tensor {
  if (data instanceof Float32Array) return new ort.Tensor('float32', data, dims);
  if (data instanceof Int8Array) return new ort.Tensor('int8', data, dims);
  return new ort.Tensor('uint8', data, dims);
}

export const runtimeVersion: string = ort.env.versions.node ?? ort.env.versions.common;

/** Element type of a tensor's data. */
export const arrayOf = {
  float32: Float32Array,
  uint8: Uint8Array,
  int8: Int8Array,
} as const satisfies Record<TensorSpec['dtype'], unknown>;
