import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decode } from '../src/decode.js';
import { ImageError } from '../src/errors.js';
import { imagesDir, sha256 } from './fixtures.js';

interface Read {
  readonly width: number;
  readonly height: number;
  readonly sha256: string;
}

/**
 * What `cv2.imread` made of each file, of one file by the orientation that its EXIF data give, and of rgb-420.jpg with
 * segments at its start; null where it refused.
 */
const { files, orientations, orientationAt, segments } = JSON.parse(
  readFileSync(new URL('./fixtures/frameworks/opencv-decode.json', import.meta.url), 'utf8'),
) as {
  files: Readonly<Record<string, Read | null>>;
  orientations: readonly Read[];
  orientationAt: number;
  segments: readonly { readonly what: string; readonly hex: string; readonly read: Read | null }[];
};

async function read(bytes: Uint8Array): Promise<Read | null> {
  try {
    const { width, height, data } = await decode(bytes, 'opencv');
    return { width, height, sha256: sha256(data) };
  } catch (error) {
    if (error instanceof ImageError) return null;
    throw error;
  }
}

/** Cut off: OpenCV gives what it could read, and grey. */
const refusedHereOnly = [
  'no-end-marker.jpg',
  'truncated-by-one.jpg',
  'truncated.jpg',
  'truncated-progressive.jpg',
];

test.each(Object.entries(files))('%s is as cv2.imread reads it', async (name, expected) => {
  const found = await read(readFileSync(imagesDir + name));
  expect(found).toEqual(refusedHereOnly.includes(name) ? null : expected);
});

test.each(orientations.map((expected, value) => [value, expected] as const))(
  'the EXIF orientation %d turns the image as cv2.imread does',
  async (value, expected) => {
    const file = Uint8Array.from(readFileSync(`${imagesDir}exif-rotated.jpg`));
    file[orientationAt] = value;
    expect(await read(file)).toEqual(expected);
  },
);

test.each(segments)(
  'EXIF data $what turn the image where they turn it for cv2.imread',
  async ({ hex, read: expected }) => {
    const file = readFileSync(`${imagesDir}rgb-420.jpg`);
    const inserted = Buffer.concat([file.subarray(0, 2), Buffer.from(hex, 'hex'), file.subarray(2)]);
    expect(await read(inserted)).toEqual(expected);
  },
);
