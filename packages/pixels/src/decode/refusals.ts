import { ImageError } from '../errors.js';

const remedy = 'Get the file again from its source.';

/** A file that contradicts itself. */
export function corrupt(what: string): ImageError {
  return new ImageError({ code: 'image-corrupt', what, where: null, remedy });
}

/** A file that ends too early. */
export function truncated(what: string): ImageError {
  return new ImageError({ code: 'image-truncated', what, where: null, remedy });
}
