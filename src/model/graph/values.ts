import { numberOfHalf } from '../../domain/half.js';
import { elementCount } from '../description.js';
import { onnx, type GraphTensor } from './messages.js';
import { floatsOf, integersOf, type Field } from './wire.js';

/** ONNX's TensorProto.DataType by numpy's names; 4-bit integers by ONNX's own. */
export const dataTypes = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
  bfloat16: 16,
  uint4: 21,
  int4: 22,
} as const;
/** Name of an element type of ONNX tensors. */
export type ElementType = keyof typeof dataTypes;

const names = new Map<number, ElementType>(
  Object.entries(dataTypes).map(([name, number]) => [number, name as ElementType]), // keys of a literal
);

/** Name of a TensorProto.DataType; null for one that no image network has. */
export function elementType(dataType: number): ElementType | null {
  return names.get(dataType) ?? null;
}

/** An integer type that quantizers store. */
export interface IntegerType {
  readonly name: ElementType;
  readonly bits: number;
  readonly signed: boolean;
}

/** What a TensorProto.DataType of integers of at most 32 bits is; null for any other. */
export function integerType(dataType: number): IntegerType | null {
  const name = elementType(dataType);
  const [, unsigned, bits] = /^(u?)int(\d+)$/.exec(name ?? '') ?? [];
  return name === null || Number(bits ?? 64) > 32
    ? null
    : { name, bits: Number(bits), signed: unsigned === '' };
}

/** Whether the elements are real numbers: float32, float64, float16 or bfloat16. */
export function isReal(dataType: number): boolean {
  return elementType(dataType)?.includes('float') === true;
}

/**
 * The elements of a tensor, row-major, as float32 (int32 as float64, which holds them all); null for a type that
 * isn't numeric here, and for one whose data lie in another file.
 */
export function valuesOf(tensor: GraphTensor): Float32Array | Float64Array | null {
  const of = (number: number): Field[] => tensor.fields.filter((field) => field.number === number);
  if (of(onnx.tensor.location).some((field) => integersOf([field])[0] === 1)) return null;
  const raw = of(onnx.tensor.rawData).at(-1)?.value;
  const count = elementCount(tensor.dims);
  const stored = (): number[] => integersOf(of(onnx.tensor.int32Data));
  // Machines that run onnxruntime have the file's byte order, the lower byte first.
  const aligned = (bytes: number): ArrayBuffer | null =>
    raw === undefined || raw.byteLength < count * bytes
      ? null
      : new Uint8Array(raw.subarray(0, count * bytes)).buffer;
  const integers = (
    bytes: number,
    view: (buffer: ArrayBuffer) => Uint8Array | Int8Array | Uint16Array | Int16Array,
  ): Float32Array => {
    const buffer = aligned(bytes);
    return new Float32Array(buffer === null ? stored() : view(buffer));
  };
  switch (elementType(tensor.dataType)) {
    case 'float32': {
      const buffer = aligned(4);
      return buffer === null ? floatsOf(of(onnx.tensor.floatData)) : new Float32Array(buffer);
    }
    case 'uint8':
      return integers(1, (buffer) => new Uint8Array(buffer));
    case 'int8':
      return integers(1, (buffer) => new Int8Array(buffer));
    case 'uint16':
      return integers(2, (buffer) => new Uint16Array(buffer));
    case 'int16':
      return integers(2, (buffer) => new Int16Array(buffer));
    case 'int32': {
      const buffer = aligned(4);
      return new Float64Array(buffer === null ? stored() : new Int32Array(buffer));
    }
    case 'float16':
      return integers(2, (buffer) => new Uint16Array(buffer)).map(numberOfHalf);
    case 'float64': {
      const buffer = aligned(8);
      return buffer === null ? null : new Float64Array(buffer);
    }
    case 'bfloat16':
      return integers(2, (buffer) => new Uint16Array(buffer)).map(brainToFloat);
    case 'uint4':
      return nibbles(raw ?? Uint8Array.from(stored()), count, false);
    case 'int4':
      return nibbles(raw ?? Uint8Array.from(stored()), count, true);
    default:
      return null;
  }
}

/** Two 4-bit integers a byte, the lower half first. */
function nibbles(bytes: Uint8Array, count: number, signed: boolean): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => {
    const value = (bytes[i >> 1]! >> (4 * (i & 1))) & 15;
    return signed && value > 7 ? value - 16 : value;
  });
}

/** bfloat16: the upper half of a float32. */
function brainToFloat(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, bits << 16);
  return view.getFloat32(0);
}
