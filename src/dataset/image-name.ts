import type { ImageId } from '../domain/domain.js';

/** Endings of files that are offered to the decoder; everything else in a data set is passed over with a note. */
const imageEndings = new Set(['jpeg', 'jpg', 'png', 'webp', 'bmp', 'tif', 'tiff', 'gif']);

/** The part after the last slash. */
export function baseName(id: ImageId): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

/** The base name without its ending: `a/ILSVRC2012_val_00000001.JPEG` → `ILSVRC2012_val_00000001`. */
export function stem(id: ImageId): string {
  const base = baseName(id);
  const dot = base.lastIndexOf('.');
  return dot <= 0 ? base : base.slice(0, dot);
}

/** Name of the folder that holds the image, without the folders above it; null at the top. */
export function parentFolder(id: ImageId): string | null {
  const parts = id.split('/');
  return parts.length < 2 ? null : (parts.at(-2) ?? null);
}

/** Whether a path's name says that it is an image: a known ending, and no hidden or resource-fork file. */
export function isImageName(path: string): boolean {
  const base = baseName(path);
  if (base.startsWith('.') || path.startsWith('__MACOSX/')) return false;
  return imageEndings.has(base.slice(base.lastIndexOf('.') + 1).toLowerCase()) && base.includes('.');
}

/** Whether a text is a WordNet id: `n` and eight digits. */
export function isWnid(text: string): boolean {
  return /^n\d{8}$/.test(text);
}

/** A folder of the form 0 to 99999, as some repackaged sets name their classes; leading zeros are allowed. */
export function isNumericFolder(text: string): boolean {
  return /^\d{1,5}$/.test(text);
}

/** Whether images in a folder of this name may be of one class: a WNID or a number; null is the top. */
export function isClassFolder(folder: string | null): boolean {
  return folder !== null && (isWnid(folder) || isNumericFolder(folder));
}

/** `ILSVRC2012_val_00000293.JPEG` → prefix `ILSVRC2012_val_`, number 293; null where the stem ends in no digits. */
export function numberedName(id: ImageId): { prefix: string; number: number } | null {
  const match = /^(.*?)(\d{1,12})$/.exec(stem(id));
  return match === null ? null : { prefix: match[1] ?? '', number: Number(match[2]) };
}

/** Number of an image that bears a name of ILSVRC 2012's validation set, `ILSVRC2012_val_00000293.JPEG`; null for any other. */
export function validationNumber(id: ImageId): number | null {
  const name = numberedName(id);
  return name?.prefix === 'ILSVRC2012_val_' ? name.number : null;
}
