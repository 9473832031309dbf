import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ImageError } from '../src/errors.js';
import { decode } from '../src/decode.js';
import { imagesDir, pillowResults, sha256 } from './fixtures.js';

/** The files that get an ImageError, and its code; all others equal Pillow. */
const refused: Readonly<Record<string, string>> = {
  'no-end-marker.jpg': 'image-truncated',
  'truncated.jpg': 'image-truncated',
  'truncated-progressive.jpg': 'image-truncated',
  'truncated-header.jpg': 'image-truncated',
  'truncated-by-one.jpg': 'image-truncated',
  'bomb.jpg': 'image-too-large',
  'zero-high.jpg': 'image-corrupt',
  'twelve-bit.jpg': 'image-corrupt',
  'lossless.jpg': 'image-corrupt',
  'truncated.png': 'image-truncated',
  'crc-wrong.png': 'image-corrupt',
  'bomb.png': 'image-too-large',
  'empty.jpg': 'image-empty',
  'text.jpg': 'image-format',
  // Pillow reads these; here they are refused rather than decoded differently.
  'data-short.png': 'image-truncated',
  'other.gif': 'image-format',
  'other.bmp': 'image-format',
  'other.webp': 'image-format',
  'other.tiff': 'image-format',
};

async function codeOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof ImageError) return error.code;
    throw error;
  }
  return 'none';
}

describe('each kind of file is decoded as Pillow decodes it, or refused', () => {
  for (const [name, expected] of Object.entries(pillowResults())) {
    const bytes = readFileSync(imagesDir + name);
    const code = refused[name];
    if (code !== undefined) {
      test(`${name}: ${code}`, async () => {
        expect(await codeOf(decode(bytes, 'pillow'))).toBe(code);
      });
    } else {
      test(`${name} equals Pillow`, async () => {
        if ('error' in expected) throw new Error(`Pillow refuses ${name}: ${expected.error}`);
        const { width, height, data } = await decode(bytes, 'pillow');
        expect([width, height]).toEqual([expected.width, expected.height]);
        expect(data.length).toBe(width * height * 3);
        expect(sha256(data)).toBe(expected.sha256);
      });
    }
  }

  test('what Pillow refuses is refused', () => {
    const pillowRefuses = Object.entries(pillowResults()).filter(([, result]) => 'error' in result);
    expect(pillowRefuses.map(([name]) => refused[name]).filter((code) => code === undefined)).toEqual([]);
  });
});

test('every cut through a JPEG is an error, never a picture filled with grey', async () => {
  const whole = readFileSync(`${imagesDir}rgb-420.jpg`);
  for (let length = 0; length < whole.length; length += 7) {
    const code = await codeOf(decode(whole.subarray(0, length), 'pillow'));
    expect(code, `cut after ${length} bytes`).toMatch(/^image-(empty|format|truncated|corrupt)$/);
  }
});

test('an image seen through a view into a larger buffer is the same image', async () => {
  const file = readFileSync(`${imagesDir}rgb-420.jpg`);
  const larger = Buffer.concat([Buffer.alloc(13), file, Buffer.alloc(7)]);
  const image = await decode(larger.subarray(13, 13 + file.length), 'pillow');
  expect(sha256(image.data)).toBe(sha256((await decode(file, 'pillow')).data));
});

test('a message tells what was wrong in one line, and what to do', async () => {
  const bytes = readFileSync(`${imagesDir}truncated.jpg`);
  await expect(decode(bytes, 'pillow')).rejects.toThrow(
    'the file is cut off (VipsJpeg: premature end of JPEG image)\n  Get the file again from its source.',
  );
});
