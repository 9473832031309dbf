import type ort from 'onnxruntime-node';

import { ModelError, messageOf } from '../../domain/errors.js';
import type { Dimension, NetworkDescription, Port } from '../../model/description.js';
import { describePort, elementCount } from '../../model/description.js';
import { defaultSettings } from '../session-settings.js';
import { openedName } from './bfloat16.js';
import { loadSession, type OnnxruntimeModel } from './session.js';
import { tensorOf } from './tensors.js';

/** Whether a file is in onnxruntime's own format. */
export function isOrt(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(4, 8)).toString('latin1') === 'ORTM';
}

/** What onnxruntime says of a file in its own format, which has no other reader. */
export async function describeOrt(model: OnnxruntimeModel, where: string): Promise<NetworkDescription> {
  const session = await loadSession(model, where, defaultSettings, {});
  try {
    const { inputMetadata, outputMetadata } = session;
    return {
      inputs: inputMetadata.map(portOf),
      outputs: outputMetadata.map(portOf),
      scheme: "onnxruntime's own format (.ort): not stated",
      parameters: null,
      opset: null,
      producer: '',
    };
  } finally {
    await session.release();
  }
}

function portOf(metadata: ort.InferenceSession.ValueMetadata): Port {
  return metadata.isTensor
    ? {
        name: metadata.name,
        dtype: metadata.type,
        shape: metadata.shape.map((size, index) =>
          typeof size === 'string' || size > 0 ? size || `d${index}` : `d${index}`,
        ),
        quantization: null,
      }
    : { name: metadata.name, dtype: 'not a tensor', shape: [], quantization: null };
}

/** Side of the images of a trial where neither the network nor the recipe has one. */
const SIDE = 224;

/**
 * Fills in what a file leaves open of its shapes, by one trial run: layout of a fully free input, width of the outputs.
 * A description that says all is given back as it is.
 * @param size of the recipe's images; null where it depends on the image
 * @throws ModelError `trial-failed` with onnxruntime's reasons
 */
export async function completeByTrial(
  model: OnnxruntimeModel,
  description: NetworkDescription,
  size: { readonly width: number; readonly height: number } | null,
  where: string,
): Promise<NetworkDescription> {
  const [input] = description.inputs;
  const open = [input, ...description.outputs].some(
    (port) => port !== undefined && isOpen(port, port === input),
  );
  if (input === undefined || description.inputs.length !== 1 || !open) return description;
  const session = await loadSession(model, where, defaultSettings, {});
  const reasons: string[] = [];
  try {
    for (const shape of candidates(input, size))
      for (const rows of typeof input.shape[0] === 'number' ? [input.shape[0]] : [2, 1]) {
        const dims = [rows, ...shape.map(({ tried }) => tried)];
        try {
          const results = await session.run({ [openedName(input)]: zeros(input.dtype, dims) });
          return {
            ...description,
            inputs: [{ ...input, shape: [input.shape[0] ?? 'batch', ...shape.map(({ stated }) => stated)] }],
            outputs: description.outputs.map((port) => ({
              ...port,
              shape: [port.shape[0] ?? 'batch', ...(results[openedName(port)]?.dims.slice(1) ?? [])],
            })),
          };
        } catch (cause) {
          reasons.push(`[${dims.join(', ')}]: ${messageOf(cause).split('\n')[0]}`);
        }
      }
  } finally {
    await session.release();
  }
  throw new ModelError({
    code: 'trial-failed',
    what: `the file leaves shapes open (${[input, ...description.outputs].map(describePort).join('; ')}), and a trial run failed with ${reasons.join('; ')}`,
    where,
    remedy: 'Export the model with the sizes of its input, and only the batch free.',
  });
}

function isOpen({ shape }: Port, isInput: boolean): boolean {
  if (isInput) return shape.length !== 4 || !(shape[1] === 3 || shape[3] === 3);
  return shape.length < 2 || shape.slice(1).some((dimension) => typeof dimension === 'string');
}

interface TriedDimension {
  readonly stated: Dimension;
  readonly tried: number;
}

/** Shapes without the batch that the input may have: channels first, then channels last. */
function candidates(
  input: Port,
  size: { readonly width: number; readonly height: number } | null,
): TriedDimension[][] {
  const [, second, third, fourth] = input.shape;
  const side = (stated: Dimension | undefined, name: 'height' | 'width'): TriedDimension =>
    typeof stated === 'number'
      ? { stated, tried: stated }
      : { stated: stated ?? name, tried: size?.[name] ?? SIDE };
  const channels = { stated: 3, tried: 3 };
  const first = [channels, side(third, 'height'), side(fourth, 'width')];
  const last = [side(second, 'height'), side(third, 'width'), channels];
  if (second === 3) return [first];
  if (fourth === 3) return [last];
  return [...(typeof second === 'number' ? [] : [first]), ...(typeof fourth === 'number' ? [] : [last])];
}

function zeros(dtype: string, dims: readonly number[]): ort.Tensor {
  const length = elementCount(dims);
  const data =
    dtype === 'uint8'
      ? new Uint8Array(length)
      : dtype === 'int8'
        ? new Int8Array(length)
        : new Float32Array(length);
  return tensorOf(data, dtype, dims);
}
