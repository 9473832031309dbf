import ort from 'onnxruntime-node';

import { ModelError, messageOf } from '../../domain/errors.js';
import { exactSession } from './exact-session.js';

/**
 * How a graph with Q/DQ is computed. `float`: every QuantizeLinear and DequantizeLinear is an operator of its own and all
 * others compute in float32 (session.disable_quant_qdq), so that taking one quantizer out changes nothing else. `fused`:
 * onnxruntime puts operators and their Q/DQ together into integer kernels, as in an ordinary run.
 */
export type Arithmetic = 'float' | 'fused';

/** A tensor in or out of a graph, row-major. */
export interface ComputedTensor {
  readonly data: Float32Array | Uint8Array | Int8Array | Uint16Array | Int16Array;
  readonly dims: readonly number[];
}

/** A loaded graph that gives any of its outputs, and what it is given. `run` blocks the calling thread. */
export interface GraphSession {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** @param given its inputs by name; more than it takes may be there */
  run(
    given: ReadonlyMap<string, ComputedTensor>,
    outputs: readonly string[],
  ): Promise<ReadonlyMap<string, ComputedTensor>>;
  release(): Promise<void>;
}

/** @throws ModelError `graph-load-failed` with onnxruntime's reason */
export async function openGraph(
  bytes: Uint8Array,
  where: string,
  arithmetic: Arithmetic,
  level: 'all' | 'basic' = 'all',
): Promise<GraphSession> {
  let session: ort.InferenceSession;
  try {
    session = await exactSession(bytes, {
      executionProviders: ['cpu'],
      executionMode: 'sequential',
      interOpNumThreads: 1,
      intraOpNumThreads: 1,
      graphOptimizationLevel: level,
      logSeverityLevel: 3,
      extra: {
        session: {
          disable_quant_qdq: arithmetic === 'float' ? '1' : '0',
          intra_op: { allow_spinning: '0' },
        },
      },
    });
  } catch (cause) {
    throw new ModelError({
      code: 'graph-load-failed',
      what: `onnxruntime can't load the network with a quantizer taken out or outputs added: ${messageOf(cause)}`,
      where,
      remedy: 'Please report it with the model: this is likely a bug in imagenet-eval.',
      cause,
    });
  }
  const { inputNames, outputNames } = session;
  return {
    inputs: inputNames,
    outputs: outputNames,
    async run(given, outputs) {
      // What is given may be asked for too.
      const computed = outputs.filter((name) => !given.has(name));
      const feeds = Object.fromEntries(inputNames.map((name) => [name, tensorOf(given.get(name)!)]));
      const made = computed.length === 0 ? {} : await session.run(feeds, computed);
      return new Map(
        outputs.map((name) => {
          const known = given.get(name);
          if (known !== undefined) return [name, known];
          const tensor = made[name]!;
          // Outputs of a network of images are of these types; others are refused where the outputs are chosen.
          return [name, { data: tensor.data as ComputedTensor['data'], dims: tensor.dims }];
        }),
      );
    },
    release: () => session.release(),
  };
}

function tensorOf({ data, dims }: ComputedTensor): ort.Tensor {
  const type =
    data instanceof Float32Array
      ? 'float32'
      : data instanceof Uint8Array
        ? 'uint8'
        : data instanceof Int8Array
          ? 'int8'
          : data instanceof Uint16Array
            ? 'uint16'
            : 'int16';
  return new ort.Tensor(type, data as Float32Array, dims);
}
