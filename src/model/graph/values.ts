import { floatsOf, integersOf, type Field } from './wire.js';
import { onnx, type GraphTensor } from './messages.js';

/** Integer types that quantizers store, with their bits; ONNX's TensorProto.DataType. */
export const integerTypes: Readonly<Record<number, { name: string; bits: number; signed: boolean }>> = {
  2: { name: 'uint8', bits: 8, signed: false },
  3: { name: 'int8', bits: 8, signed: true },
  4: { name: 'uint16', bits: 16, signed: false },
  5: { name: 'int16', bits: 16, signed: true },
  6: { name: 'int32', bits: 32, signed: true },
  21: { name: 'uint4', bits: 4, signed: false },
  22: { name: 'int4', bits: 4, signed: true },
};

/** Numbers of elements: the product of the dimensions. */
export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
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
  switch (tensor.dataType) {
    case 1: {
      const buffer = aligned(4);
      return buffer === null ? floatsOf(of(onnx.tensor.floatData)) : new Float32Array(buffer);
    }
    case 2:
      return integers(1, (buffer) => new Uint8Array(buffer));
    case 3:
      return integers(1, (buffer) => new Int8Array(buffer));
    case 4:
      return integers(2, (buffer) => new Uint16Array(buffer));
    case 5:
      return integers(2, (buffer) => new Int16Array(buffer));
    case 6: {
      const buffer = aligned(4);
      return new Float64Array(buffer === null ? stored() : new Int32Array(buffer));
    }
    case 10:
      return integers(2, (buffer) => new Uint16Array(buffer)).map(halfToFloat);
    case 11: {
      const buffer = aligned(8);
      return buffer === null ? null : new Float64Array(buffer);
    }
    case 16:
      return integers(2, (buffer) => new Uint16Array(buffer)).map(brainToFloat);
    case 21:
    case 22:
      return nibbles(raw ?? Uint8Array.from(stored()), count, tensor.dataType === 22);
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

/** IEEE 754 binary16. */
function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** bfloat16: the upper half of a float32. */
function brainToFloat(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, bits << 16);
  return view.getFloat32(0);
}
