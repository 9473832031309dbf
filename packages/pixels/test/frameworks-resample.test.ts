import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { filterNames, type Box, type FilterName, type PixelBlock } from '../src/recipe.js';
import { resamplerFor, resamplers } from '../src/resample/filters.js';
import { cut } from '../src/resample/window.js';
import { fixture, madeImage, resamples, sha256, type Case } from './frameworks-images.js';

function filterNamed(name: string): FilterName {
  const found = filterNames.find((filter) => filter === name);
  if (found === undefined) throw new Error(`no filter is called ${name}`);
  return found;
}

function resizeWhole(filter: FilterName, source: PixelBlock, width: number, height: number): PixelBlock {
  return resamplers[filter].resample(source, { width, height }, { left: 0, top: 0, width, height });
}

/** The four corners, the middle, a single pixel and a single column of a resized image. */
function windowsOf(width: number, height: number): readonly Box[] {
  const w = Math.ceil(width / 3);
  const h = Math.ceil(height / 3);
  return [
    { left: 0, top: 0, width: w, height: h },
    { left: width - w, top: 0, width: w, height: h },
    { left: 0, top: height - h, width: w, height: h },
    { left: width - w, top: height - h, width: w, height: h },
    { left: Math.floor(width / 4), top: Math.floor(height / 5), width: w, height: h },
    { left: width - 1, top: height - 1, width: 1, height: 1 },
    { left: Math.floor(width / 2), top: 0, width: 1, height },
  ];
}

/** Compared bit by bit: -0 is not 0. */
function sameElements(a: PixelBlock, b: PixelBlock): boolean {
  const bytes = ({ data }: PixelBlock) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return bytes(a).equals(bytes(b));
}

const described = ([w, h, ow, oh, seed]: Case) => `${w}x${h} to ${ow}x${oh}, seed ${seed}`;

describe.each(resamples())('%s of whole images of odd sizes', (name, cases) => {
  const filter = filterNamed(name);

  it(`gives the library's bytes, ${cases.length} of ${cases.length}`, () => {
    const missed = cases.filter(
      ([w, h, ow, oh, seed, sha]) => sha256(resizeWhole(filter, madeImage(w, h, seed), ow, oh).data) !== sha,
    );
    expect(missed.map(described)).toEqual([]);
  });

  it('gives for a window what the whole image has there', () => {
    const missed = cases.filter(([w, h, width, height, seed]) => {
      const source = madeImage(w, h, seed);
      const whole = resizeWhole(filter, source, width, height);
      return windowsOf(width, height).some((window) => {
        const part = resamplers[filter].resample(source, { width, height }, window);
        return !sameElements(part, cut(whole, window));
      });
    });
    expect(missed.map(described)).toEqual([]);
  });
});

describe.each(Object.entries(fixture('tensorflow').floats ?? {}))(
  '%s of floats from 0 to 1',
  (name, cases) => {
    it(`gives the library's bytes, ${cases.length} of ${cases.length}`, () => {
      const missed = cases.filter(([w, h, ow, oh, seed, sha]) => {
        const window = { left: 0, top: 0, width: ow, height: oh };
        const unit = resamplerFor(filterNamed(name), 'unit');
        return sha256(unit.resample(madeImage(w, h, seed), window, window).data) !== sha;
      });
      expect(missed.map(described)).toEqual([]);
    });
  },
);

describe('opencv-cubic beside OpenCV with Intel IPP', () => {
  const { corners } = JSON.parse(
    readFileSync(new URL('./fixtures/frameworks/opencv-ipp.json', import.meta.url), 'utf8'),
  ) as { corners: [number, number, number, number, number, number[]][] };

  it.each(corners)('is within 1 of it: %ix%i to %ix%i', (w, h, ow, oh, seed, corner) => {
    const window = { left: 0, top: 0, width: 8, height: 8 };
    const { data } = resamplers['opencv-cubic'].resample(
      madeImage(w, h, seed),
      { width: ow, height: oh },
      window,
    );
    const apart = Math.max(...corner.map((value, i) => Math.abs(value - data[i]!)));
    expect(apart).toBeLessThanOrEqual(1);
  });
});

describe('a resampler of a library that takes bytes only', () => {
  it.each(['opencv-linear', 'opencv-area', 'opencv-cubic', 'torch-bicubic-antialias'] as const)(
    '%s refuses range unit, saying what to do',
    (filter) => {
      expect(() => resamplerFor(filter, 'unit')).toThrow(/range: bytes/);
    },
  );
});

it('every resampler gives memory of its own', () => {
  for (const filter of filterNames) {
    const first = resizeWhole(filter, madeImage(9, 7, 0), 5, 6);
    const before = sha256(first.data);
    resizeWhole(filter, madeImage(9, 7, 1), 5, 6);
    expect(sha256(first.data), filter).toBe(before);
  }
});
