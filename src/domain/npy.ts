/**
 * NumPy's file format 1.0 for an array in C order: a header of 128 bytes, then the values, little endian, so that
 * `numpy.load(mmap_mode='r')` maps it. https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */

/** Element types as numpy calls them, with what a header calls them and the array of their values; of float16 the bits. */
export const npyTypes = {
  float64: { descr: '<f8', array: Float64Array },
  float32: { descr: '<f4', array: Float32Array },
  float16: { descr: '<f2', array: Uint16Array },
  int32: { descr: '<i4', array: Int32Array },
  uint8: { descr: '|u1', array: Uint8Array },
  int8: { descr: '|i1', array: Int8Array },
} as const;
/** Name of an element type, as numpy has it. */
export type NpyType = keyof typeof npyTypes;

/** Bytes of the header that is written here, whatever the shape: it is written again when the number of rows is known. */
export const npyHeaderBytes = 128;

/** The header of an array in C order: `npyHeaderBytes` long, whatever its shape. */
export function npyHeader(dtype: NpyType, shape: readonly number[]): Buffer {
  const { descr } = npyTypes[dtype];
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`;
  const header = Buffer.alloc(npyHeaderBytes, ' ');
  header.write('\x93NUMPY\x01\x00', 'latin1');
  header.writeUInt16LE(npyHeaderBytes - 10, 8);
  header.write(dictionary, 10, 'latin1');
  header.write('\n', npyHeaderBytes - 1, 'latin1');
  return header;
}

/** What a `.npy` file's header says of its array. */
export interface NpyArray {
  readonly dtype: NpyType;
  readonly shape: readonly number[];
  /** Where the values begin. */
  readonly offset: number;
}

/** What a file's header says, of any version of the format. @throws Error that says what is wrong with it */
export function readNpyHeader(file: Uint8Array): NpyArray {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (bytes.length < 12 || bytes.toString('latin1', 0, 6) !== '\x93NUMPY')
    throw new Error('it is no .npy file');
  const [start, length] = bytes[6] === 1 ? [10, bytes.readUInt16LE(8)] : [12, bytes.readUInt32LE(8)];
  const text = bytes.toString('latin1', start, start + length);
  const descr = /'descr':\s*'([^']*)'/.exec(text)?.[1];
  const shape = /'shape':\s*\(([^)]*)\)/.exec(text)?.[1];
  const [dtype] = Object.entries(npyTypes).find(([, type]) => type.descr === descr) ?? [];
  if (dtype === undefined)
    throw new Error(
      `its values are ${descr ?? 'not stated'}, where one of ${Object.keys(npyTypes).join(', ')} is due`,
    );
  if (shape === undefined || /'fortran_order':\s*True/.test(text))
    throw new Error('its values are not in C order: save numpy.ascontiguousarray(array)');
  return {
    // Found among its keys.
    dtype: dtype as NpyType,
    shape: shape
      .split(',')
      .filter((size) => size.trim() !== '')
      .map(Number),
    offset: start + length,
  };
}
