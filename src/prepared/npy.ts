import { npyHeader, npyTypes } from '../domain/npy.js';

/** An array of images: shape (rows, height, width, 3), C order. */
export interface ImageArray {
  readonly rows: number;
  readonly height: number;
  readonly width: number;
  readonly dtype: 'uint8' | 'float32';
}

/** The `.npy` header of an array of images. */
export function imagesHeader({ rows, height, width, dtype }: ImageArray): Buffer {
  return npyHeader(dtype, [rows, height, width, 3]);
}

/** Bytes of one image. */
export function rowBytes({ height, width, dtype }: Omit<ImageArray, 'rows'>): number {
  return height * width * 3 * npyTypes[dtype].array.BYTES_PER_ELEMENT;
}
