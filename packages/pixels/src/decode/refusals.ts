import { ImageError } from '../errors.js';

function refusal(code: string, what: string, remedy: string, cause?: unknown): ImageError {
  return new ImageError({ code, what, where: null, remedy, cause });
}

const again = 'Get the file again from its source.';

/** A file that contradicts itself. */
export function corrupt(what: string, cause?: unknown): ImageError {
  return refusal('image-corrupt', what, again, cause);
}

/** A file that ends too early. */
export function truncated(what: string, cause?: unknown): ImageError {
  return refusal('image-truncated', what, again, cause);
}

/** A file without a byte. */
export function empty(): ImageError {
  return refusal('image-empty', 'the file is empty', again);
}

/** A file of a kind that this decoder does not read as its library does. */
export function unsupported(what: string): ImageError {
  return refusal(
    'image-unsupported',
    what,
    'Convert the image, leave it out of the data set, or set decode: pillow.',
  );
}

/** A header that promises more pixels than are decoded. */
export function tooLarge(what: string, cause?: unknown): ImageError {
  return refusal(
    'image-too-large',
    what,
    'Leave the image out of the data set: it may be a decompression bomb.',
    cause,
  );
}
