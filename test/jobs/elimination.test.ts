import { describe, expect, it } from 'vitest';

import { bestOf, clearlyWorse, looksUpTo, pairHits } from '../../src/jobs/sweep/elimination.js';

const hits = (text: string): (boolean | null)[] =>
  Array.from(text, (letter) => (letter === '-' ? null : letter === '1'));

describe('Dropping recipes', () => {
  it('compares two recipes on the images that both saw', () => {
    expect(pairHits(hits('1101-'), hits('10110'))).toEqual({ images: 4, first: 1, second: 1 });
  });

  it('takes the first of equally accurate recipes for the best', () => {
    expect(bestOf([hits('10'), hits('11'), hits('11')])).toBe(1);
  });

  it('compares shares, not counts, where recipes saw different numbers of images', () => {
    expect(bestOf([hits('1110'), hits('11--')])).toBe(1);
  });

  it('drops a recipe that loses twenty images to none, and no equal one', () => {
    const all = '1'.repeat(40);
    const half = '1'.repeat(20) + '0'.repeat(20);
    expect(clearlyWorse([hits(half), hits(all), hits(all)], 0.05, 4)).toEqual(new Set([0]));
  });

  it('keeps a recipe that loses five images to none: among ten recipes that is luck', () => {
    const columns = Array.from({ length: 10 }, (_, i) =>
      hits('1'.repeat(30) + (i === 0 ? '0' : '1').repeat(5)),
    );
    expect(clearlyWorse(columns, 0.05, 4)).toEqual(new Set());
  });

  it('asks for more evidence the more recipes and looks there are', () => {
    const pair = [hits('1'.repeat(20)), hits('1'.repeat(13) + '0'.repeat(7))];
    expect(clearlyWorse(pair, 0.05, 1)).toEqual(new Set([1]));
    expect(clearlyWorse(pair, 0.05, 20)).toEqual(new Set());
  });

  it('looks at doubling numbers of images and last at all', () => {
    expect(looksUpTo(200)).toEqual([32, 64, 128, 200]);
    expect(looksUpTo(32)).toEqual([32]);
    expect(looksUpTo(5)).toEqual([5]);
  });
});
