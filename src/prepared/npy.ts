/** NumPy's format 1.0 for an array of images: shape (rows, height, width, 3), C order, so that `numpy.load(mmap_mode='r')` maps it. */

export interface ImageArray {
  readonly rows: number;
  readonly height: number;
  readonly width: number;
  readonly dtype: 'uint8' | 'float32';
}

/** Bytes of the header, whatever the number of rows: it is written again when that is known. */
export const npyHeaderBytes = 128;

export function npyHeader({ rows, height, width, dtype }: ImageArray): Buffer {
  const descr = dtype === 'uint8' ? '|u1' : '<f4';
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${rows}, ${height}, ${width}, 3), }`;
  const header = Buffer.alloc(npyHeaderBytes, ' ');
  header.write('\x93NUMPY\x01\x00', 'latin1');
  header.writeUInt16LE(npyHeaderBytes - 10, 8);
  header.write(dictionary, 10, 'latin1');
  header.write('\n', npyHeaderBytes - 1, 'latin1');
  return header;
}

/** Bytes of one image. */
export function rowBytes({ height, width, dtype }: Omit<ImageArray, 'rows'>): number {
  return height * width * 3 * (dtype === 'uint8' ? 1 : 4);
}
