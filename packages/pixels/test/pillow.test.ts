import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Size } from '../src/recipe.js';
import { pillow } from '../src/resample/pillow.js';
import { cut } from '../src/resample/window.js';
import { imagesDir, noise, sha256 } from './fixtures.js';

interface Case {
  readonly name: string;
  readonly from: Size;
  readonly to: Size;
  /** First 16 digits of SHA-256 by filter. */
  readonly hashes: readonly (readonly [filter: keyof typeof pillow, hash: string])[];
}

function readCases(): Case[] {
  const [header, ...rows] = readFileSync(`${imagesDir}resized.csv`, 'utf8').trim().split('\n');
  // The columns after the fifth are named by Pillow's filters.
  const filters = header!.split(',').slice(5) as (keyof typeof pillow)[];
  return rows.map((row) => {
    const [name, ...cells] = row.split(',');
    const [width, height, toWidth, toHeight] = cells.slice(0, 4).map(Number) as [
      number,
      number,
      number,
      number,
    ];
    return {
      name: name!,
      from: { width, height },
      to: { width: toWidth, height: toHeight },
      hashes: filters.map((filter, i) => [filter, cells[4 + i]!] as const),
    };
  });
}

function whole(size: Size) {
  return { left: 0, top: 0, ...size };
}

const cases = readCases();

describe('resizing images of 1 to 1200 pixels a side gives the bytes of Pillow 13', () => {
  for (const filter of Object.keys(pillow) as (keyof typeof pillow)[]) {
    test(filter, () => {
      const wrong: string[] = [];
      for (const { name, from, to, hashes } of cases) {
        const image = noise(name, from.width, from.height);
        const { data } = pillow[filter].resample(image, to, whole(to));
        const expected = hashes.find(([of]) => of === filter)![1];
        if (sha256(data).slice(0, 16) !== expected) {
          wrong.push(`${from.width}x${from.height} to ${to.width}x${to.height}`);
        }
      }
      expect(wrong).toEqual([]);
      expect(cases.length).toBeGreaterThan(400);
    });
  }
});

test('a window of a resize is the whole resize cut to it', () => {
  for (const [index, { name, from, to }] of cases.entries()) {
    const image = noise(name, from.width, from.height);
    const left = index % to.width;
    const top = (index * 7) % to.height;
    const window = {
      left,
      top,
      width: 1 + ((index * 5) % (to.width - left)),
      height: 1 + ((index * 3) % (to.height - top)),
    };
    const filter = (['nearest', 'box', 'bicubic', 'lanczos'] as const)[index % 4]!;
    const complete = pillow[filter].resample(image, to, whole(to));
    const part = pillow[filter].resample(image, to, window);
    expect(sha256(part.data), `${filter} ${JSON.stringify({ from, to, window })}`).toBe(
      sha256(cut(complete, window).data),
    );
  }
});

test('the extremes of the filters are clipped, not wrapped', () => {
  // Stripes of black and white: bicubic and Lanczos overshoot on both ends.
  const data = new Uint8Array(40 * 40 * 3).map((_, i) => (Math.floor(i / 3) % 8 < 4 ? 0 : 255));
  const { data: enlarged } = pillow.lanczos.resample(
    { width: 40, height: 40, data },
    { width: 97, height: 97 },
    whole({ width: 97, height: 97 }),
  );
  expect(Math.min(...enlarged)).toBe(0);
  expect(Math.max(...enlarged)).toBe(255);
});

test('an image of the size asked for comes back untouched, as a copy', () => {
  const image = noise('untouched', 31, 17);
  const size = { width: 31, height: 17 };
  for (const resampler of Object.values(pillow)) {
    const { data } = resampler.resample(image, size, whole(size));
    expect(sha256(data)).toBe(sha256(image.data));
    expect(data.buffer).not.toBe(image.data.buffer);
  }
});

test('a result keeps its bytes when the next image is resized', () => {
  const size = { width: 20, height: 20 };
  const first = pillow.bicubic.resample(noise('a', 50, 50), size, whole(size));
  const before = sha256(first.data);
  pillow.bicubic.resample(noise('b', 500, 400), size, whole(size));
  expect(sha256(first.data)).toBe(before);
});

test('a window outside the image is a bug told at once', () => {
  const image = noise('a', 10, 10);
  const size = { width: 5, height: 5 };
  expect(() => pillow.box.resample(image, size, { left: 1, top: 0, width: 5, height: 5 })).toThrow(
    RangeError,
  );
});

test('floats are refused: Pillow resizes bytes', () => {
  const image = { width: 2, height: 2, data: new Float32Array(12) };
  const size = { width: 1, height: 1 };
  expect(() => pillow.box.resample(image, size, whole(size))).toThrow(/works on bytes/);
});
