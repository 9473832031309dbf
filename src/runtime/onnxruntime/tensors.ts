import ort from 'onnxruntime-node';

import type { ScoreArray } from '../../domain/domain.js';
import { ModelError } from '../../domain/errors.js';
import { scoreTypes } from '../../model/description.js';
import type { Scores, TensorData } from '../network.js';
import { halfOf, numberOfHalf } from '../../domain/half.js';

/** A batch as the network's input takes it. @param dtype as the file has it */
export function tensorOf(data: TensorData, dtype: string, dims: readonly number[]): ort.Tensor {
  if (data instanceof Int8Array) return new ort.Tensor('int8', data, dims);
  if (data instanceof Uint8Array) return new ort.Tensor('uint8', data, dims);
  if (dtype !== 'float16') return new ort.Tensor('float32', data, dims);
  // On Node 24 a tensor of type float16 is made a Float16Array, which onnxruntime-node 1.30 takes for an empty one.
  return Object.assign(new ort.Tensor('uint16', Uint16Array.from(data, halfOf), dims), {
    type: 'float16' as const,
  });
}

/** Scores as numbers that are exactly the network's. @throws ModelError `output-dtype` where they can't be */
export function scoresOf({ data, dims, type }: ort.Tensor, name: string, where: string): Scores {
  const values = numbersOf(data, type);
  if (values !== null) return { data: values, dims };
  throw new ModelError({
    code: 'output-dtype',
    what: `the output ${name} is ${type} or has numbers beyond 2^53; scores are read as ${scoreTypes.join(', ')}`,
    where,
    remedy: 'Add a Cast to float32 at the end of the graph.',
  });
}

function numbersOf(data: ort.Tensor['data'], type: string): ScoreArray | null {
  if (type === 'float16') {
    // Node 24 has numbers for them, earlier versions their bits.
    const view = data as Uint16Array;
    return view instanceof Uint16Array
      ? Float32Array.from(view, numberOfHalf)
      : Float32Array.from(data as ArrayLike<number>);
  }
  if (
    data instanceof Float32Array ||
    data instanceof Float64Array ||
    data instanceof Int32Array ||
    data instanceof Uint8Array ||
    data instanceof Int8Array
  )
    return type === 'bool' ? null : data;
  if (data instanceof Int16Array || data instanceof Uint16Array) return Int32Array.from(data);
  if (data instanceof BigInt64Array) {
    const numbers = Float64Array.from(data, Number);
    return numbers.every(Number.isSafeInteger) ? numbers : null;
  }
  return null;
}
