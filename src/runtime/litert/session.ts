import { ModelError, messageOf } from '../../domain/errors.js';
import { withFixedShapes } from '../../model/tflite-file.js';
import type { Scores, Session, TensorData } from '../network.js';
import { assertComputes } from './computes.js';
import { loadLitert, type Litert, type LoadedLitert } from './module.js';
import { litertPackage } from './package.js';
import type { LitertPlan } from './plan.js';

type CompiledModel = Awaited<ReturnType<Litert['loadAndCompile']>>;

/**
 * Loads a network in LiteRT and sees that it computes.
 * @throws ModelError `model-load-failed` with LiteRT's reason; `network-silent` where it loads and gives nothing but zeros
 */
export async function openLitertSession(plan: LitertPlan, where: string): Promise<Session> {
  const loaded = await loadLitert(litertPackage(where));
  const model = await compile(loaded, withFixedShapes(new Uint8Array(plan.bytes)), where);
  const run = (data: TensorData, dims: readonly number[]): Promise<Scores> =>
    runOnce(loaded, model, plan.output, data, dims, where);
  await assertComputes(model.getInputDetails()[0]!, run, where);
  return {
    run,
    release() {
      model.delete();
      return Promise.resolve();
    },
  };
}

async function compile(
  { litert, takeLog }: LoadedLitert,
  bytes: Uint8Array,
  where: string,
): Promise<CompiledModel> {
  takeLog();
  try {
    const model = await litert.loadAndCompile(bytes, { accelerator: 'wasm', cpuOptions: { numThreads: 1 } });
    const errors = errorsIn(takeLog());
    if (errors.length > 0) throw new Error(errors.join('; '));
    return model;
  } catch (cause) {
    const said = errorsIn(takeLog());
    throw new ModelError({
      code: 'model-load-failed',
      what: `LiteRT can't load the model: ${[messageOf(cause), ...said].join('; ')}`,
      where,
      remedy: 'Run it by the LiteRT adapter, which has more kernels (docs/adapters.md).',
      cause,
    });
  }
}

async function runOnce(
  { litert, takeLog }: LoadedLitert,
  model: CompiledModel,
  place: number,
  data: TensorData,
  dims: readonly number[],
  where: string,
): Promise<Scores> {
  if (data instanceof Int8Array) throw new TypeError('LiteRT in this process takes no int8');
  // Batches are never in shared memory.
  const own = data as Float32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;
  const input = new litert.Tensor(own, [...dims]);
  try {
    const outputs = await model.run([input]);
    try {
      const output = outputs[place]!;
      const values = output.toTypedArray();
      const errors = errorsIn(takeLog());
      if (errors.length > 0) throw new Error(errors.join('; '));
      return { data: values.slice(), dims: [...output.type.layout.dimensions] };
    } finally {
      for (const output of outputs) output.delete();
    }
  } catch (cause) {
    throw new ModelError({
      code: 'inference-failed',
      what: `LiteRT can't run the model: ${messageOf(cause)}`,
      where,
      remedy: 'Run it by the LiteRT adapter (docs/adapters.md).',
      cause,
    });
  } finally {
    input.delete();
  }
}

/** Lines that name a failure: a delegate that can't prepare says so, and goes on with a network that computes nothing. */
function errorsIn(log: readonly string[]): string[] {
  return log.filter((line) => /^ERROR|failed to (prepare|invoke|apply|allocate)/i.test(line));
}
