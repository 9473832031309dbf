import { ByteBuffer } from 'flatbuffers';

import { ModelError, messageOf } from '../domain/errors.js';
import { elementCount, type NetworkDescription, type Port, type Quantization } from './description.js';

/**
 * The few fields of a TFLite file that tell what it is.
 * Field numbers: github.com/tensorflow/tensorflow, tensorflow/compiler/mlir/lite/schema/schema.fbs.
 */
const fields = {
  model: { subgraphs: 2, description: 3, buffers: 4, metadata: 6 },
  subgraph: { tensors: 0, inputs: 1, outputs: 2, operators: 3 },
  tensor: { shape: 0, type: 1, buffer: 2, name: 3, quantization: 4, shapeSignature: 7 },
  quantization: { scale: 2, zeroPoint: 3 },
  buffer: { data: 0, offset: 1 },
} as const;

const elementTypes: Readonly<Record<number, string>> = {
  0: 'float32',
  1: 'float16',
  2: 'int32',
  3: 'uint8',
  4: 'int64',
  5: 'string',
  6: 'bool',
  7: 'int16',
  9: 'int8',
  10: 'float64',
  17: 'int4',
};

interface TfliteTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** -1 where a dimension is free; `shape` has 1 there. */
  readonly signature: readonly number[];
  readonly scales: readonly number[];
  readonly zeroPoints: readonly number[];
  /** Its values are in the file. */
  readonly constant: boolean;
}

/** What a TFLite file says of its network. */
export interface TfliteFile {
  readonly inputs: readonly TfliteTensor[];
  readonly outputs: readonly TfliteTensor[];
  readonly tensors: readonly TfliteTensor[];
  readonly producer: string;
}

/** Whether bytes begin as a TFLite file does. */
function isTflite(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(4, 8)).toString('latin1') === 'TFL3';
}

/** Reads what a TFLite file says of itself. @throws ModelError `not-tflite` */
export function readTfliteFile(bytes: Uint8Array, where: string): TfliteFile {
  if (!isTflite(bytes)) throw notTflite(where, 'the identifier TFL3 is missing');
  try {
    const model = rootOf(bytes);
    const [subgraph] = model.tables(fields.model.subgraphs);
    if (subgraph === undefined) throw notTflite(where, 'it holds no subgraph');
    const buffers = model.tables(fields.model.buffers);
    const tensors = subgraph.tables(fields.subgraph.tensors).map((table) => tensorOf(table, buffers));
    const pick = (field: number): TfliteTensor[] =>
      subgraph.integers(field).map((index) => {
        const tensor = tensors[index];
        if (tensor === undefined) throw notTflite(where, `there is no tensor ${index}`);
        return tensor;
      });
    return {
      inputs: pick(fields.subgraph.inputs),
      outputs: pick(fields.subgraph.outputs),
      tensors,
      producer: model.text(fields.model.description),
    };
  } catch (cause) {
    if (cause instanceof ModelError) throw cause;
    throw notTflite(where, messageOf(cause), cause);
  }
}

/** What a TFLite file says of its network. Free dimensions are given their names by place. */
export function describeTflite(file: TfliteFile): NetworkDescription {
  return {
    inputs: file.inputs.map(port),
    outputs: file.outputs.map(port),
    scheme: describeScheme(file),
    parameters: weightsOf(file).reduce((sum, tensor) => sum + elementCount(tensor.shape), 0),
    opset: null,
    producer: file.producer,
  };
}

/**
 * A copy of a TFLite file whose free dimensions are as wide as its shapes say (1 for a free batch): what a runtime
 * that can't resize a network takes.
 */
export function withFixedShapes(bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const view = new DataView(copy.buffer);
  for (const subgraph of rootOf(copy).tables(fields.model.subgraphs))
    for (const tensor of subgraph.tables(fields.subgraph.tensors)) {
      const shape = tensor.integers(fields.tensor.shape);
      const places = tensor.placesOfIntegers(fields.tensor.shapeSignature);
      if (places.length !== shape.length) continue;
      places.forEach((place, dimension) => {
        if (view.getInt32(place, true) === -1) view.setInt32(place, shape[dimension]!, true);
      });
    }
  return copy;
}

function port({ name, dtype, signature, scales, zeroPoints }: TfliteTensor): Port {
  const quantization: Quantization | null =
    scales.length === 1 && scales[0] !== 0 ? { scale: scales[0]!, zeroPoint: zeroPoints[0] ?? 0 } : null;
  return { name, dtype, shape: signature.map((size, i) => (size > 0 ? size : `d${i}`)), quantization };
}

function weightsOf({ tensors }: TfliteFile): TfliteTensor[] {
  return tensors.filter((tensor) => tensor.constant && tensor.shape.length > 0);
}

/** E.g. `TFLite float32`, `TFLite int8 per-channel (activations int8)`, `TFLite int8 per-tensor (activations float32)`. */
function describeScheme(file: TfliteFile): string {
  const weights = weightsOf(file).filter(
    ({ shape, dtype }) => shape.length >= 2 && !/^int(32|64)$/.test(dtype),
  );
  const types = [...new Set(weights.map(({ dtype }) => dtype))].sort();
  const quantized = weights.filter(({ dtype }) => dtype.includes('int'));
  if (quantized.length === 0) return `TFLite ${types.join('+') || 'float32'}`;
  const perChannel = quantized.some(({ scales }) => scales.length > 1);
  const computed = file.tensors.filter(({ constant, shape }) => !constant && shape.length >= 2);
  const most = mostCommon(computed.map(({ dtype }) => dtype));
  return `TFLite ${types.join('+')} ${perChannel ? 'per-channel' : 'per-tensor'} (activations ${most})`;
}

function mostCommon(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 'unknown';
}

function tensorOf(table: Table, buffers: readonly Table[]): TfliteTensor {
  const shape = table.integers(fields.tensor.shape);
  const signature = table.integers(fields.tensor.shapeSignature);
  const quantization = table.table(fields.tensor.quantization);
  const buffer = buffers[table.uint32(fields.tensor.buffer)];
  const type = table.uint8(fields.tensor.type);
  return {
    name: table.text(fields.tensor.name),
    dtype: elementTypes[type] ?? `type ${type}`,
    shape,
    signature: signature.length === shape.length ? signature : shape,
    scales: quantization?.floats(fields.quantization.scale) ?? [],
    zeroPoints: quantization?.longs(fields.quantization.zeroPoint) ?? [],
    constant:
      buffer !== undefined &&
      (buffer.length(fields.buffer.data) > 0 || buffer.uint32(fields.buffer.offset) > 1),
  };
}

function rootOf(bytes: Uint8Array): Table {
  const buffer = new ByteBuffer(bytes);
  return new Table(buffer, buffer.readInt32(0));
}

/** A table of a flatbuffer, read by field number; what is not there has its type's default. */
class Table {
  constructor(
    private readonly bytes: ByteBuffer,
    private readonly at: number,
  ) {
    if (at < 4 || at >= bytes.capacity()) throw new RangeError(`a table lies at ${at}, outside of the file`);
  }

  /** Place of a field in the file; 0 where it is not there. */
  private place(field: number): number {
    const offset = this.bytes.__offset(this.at, 4 + 2 * field);
    return offset === 0 ? 0 : this.at + offset;
  }

  length(field: number): number {
    const place = this.place(field);
    return place === 0 ? 0 : this.bytes.__vector_len(place);
  }

  private places(field: number, width: number): number[] {
    const place = this.place(field);
    if (place === 0) return [];
    const count = this.bytes.__vector_len(place);
    const start = this.bytes.__vector(place);
    if (start + count * width > this.bytes.capacity())
      throw new RangeError('a list ends outside of the file');
    return Array.from({ length: count }, (_, index) => start + index * width);
  }

  placesOfIntegers(field: number): number[] {
    return this.places(field, 4);
  }

  integers(field: number): number[] {
    return this.places(field, 4).map((place) => this.bytes.readInt32(place));
  }

  floats(field: number): number[] {
    return this.places(field, 4).map((place) => this.bytes.readFloat32(place));
  }

  longs(field: number): number[] {
    return this.places(field, 8).map((place) => Number(this.bytes.readInt64(place)));
  }

  tables(field: number): Table[] {
    return this.places(field, 4).map((place) => new Table(this.bytes, this.bytes.__indirect(place)));
  }

  table(field: number): Table | null {
    const place = this.place(field);
    return place === 0 ? null : new Table(this.bytes, this.bytes.__indirect(place));
  }

  text(field: number): string {
    const place = this.place(field);
    return place === 0 ? '' : String(this.bytes.__string(place));
  }

  uint8(field: number): number {
    const place = this.place(field);
    return place === 0 ? 0 : this.bytes.readUint8(place);
  }

  uint32(field: number): number {
    const place = this.place(field);
    return place === 0 ? 0 : this.bytes.readUint32(place);
  }
}

function notTflite(where: string, why: string, cause?: unknown): ModelError {
  return new ModelError({
    code: 'not-tflite',
    what: `not a TFLite model: ${why}`,
    where,
    remedy: 'Give the .tflite file itself; a download may have been cut short or be an HTML page.',
    cause,
  });
}
