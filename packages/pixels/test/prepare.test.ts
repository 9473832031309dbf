import { describe, expect, test } from 'vitest';
import { prepare } from '../src/prepare.js';
import { noise, recipe } from './fixtures.js';

describe('a crop larger than the image', () => {
  test('is filled with zeros around it, on both sides of one axis or both', () => {
    const image = noise('padded', 3, 4);
    const block = prepare(image, recipe({ crop: { width: 6, height: 5, offset: 'half-even' } }));
    expect([block.width, block.height]).toEqual([6, 5]);
    for (let y = 0; y < 5; y++) {
      for (let x = 0; x < 6; x++) {
        // (6 - 3) / 2 = 1 before and 2 after; (5 - 4) / 2 = 0 before and 1 after.
        const inside = x >= 1 && x < 4 && y < 4;
        const expected = inside ? [...image.data.subarray((y * 3 + x - 1) * 3, (y * 3 + x) * 3)] : [0, 0, 0];
        expect([...block.data.subarray((y * 6 + x) * 3, (y * 6 + x + 1) * 3)]).toEqual(expected);
      }
    }
  });

  test('may be larger on one side and smaller on the other', () => {
    const image = noise('half padded', 9, 2);
    const { data } = prepare(image, recipe({ crop: { width: 4, height: 4, offset: 'half-even' } }));
    // (9 - 4) / 2 = 2.5, half to even: 2.
    expect([...data.subarray(12, 24)]).toEqual([...image.data.subarray(6, 18)]);
    expect(data.subarray(0, 12).every((value) => value === 0)).toBe(true);
  });
});

test('range unit gives float32(byte * float32(1/255)), not byte / 255', () => {
  const data = Uint8Array.from({ length: 768 }, (_, i) => Math.floor(i / 3));
  const block = prepare({ width: 256, height: 1, data }, recipe({ range: 'unit' }));
  expect(block.data).toBeInstanceOf(Float32Array);
  for (let byte = 0; byte < 256; byte++) {
    expect(block.data[byte * 3]).toBe(Math.fround(byte * Math.fround(1 / 255)));
  }
  expect(block.data.some((value, i) => value !== Math.fround(Math.floor(i / 3) / 255))).toBe(true);
});

test('a central fraction is cut before the resize', () => {
  const image = noise('central', 16, 8);
  const block = prepare(image, recipe({ centralFraction: 0.5 }));
  expect([block.width, block.height]).toEqual([8, 4]);
  expect([...block.data.subarray(0, 3)]).toEqual([
    ...image.data.subarray((2 * 16 + 4) * 3, (2 * 16 + 4) * 3 + 3),
  ]);
});

test('the image itself is never handed on', () => {
  const image = noise('own', 5, 5);
  const block = prepare(image, recipe({}));
  expect(block.data).toEqual(new Uint8Array(image.data));
  block.data[0] = image.data[0]! ^ 1;
  expect(block.data[0]).not.toBe(image.data[0]);
});
