import { expect, test } from 'vitest';
import { indicesOfShard, parseShard } from '../../src/dataset/shard.js';
import { ConfigError } from '../../src/domain/errors.js';

const counts = [0, 1, 7, 8, 9, 499, 500, 50_000];
const parts = [1, 2, 7, 8, 64];

function shards(count: number, of: number): number[][] {
  return Array.from({ length: of }, (_, at) => indicesOfShard(count, { index: at + 1, of }));
}

test.each(parts)('%i shards hold every image once', (of) => {
  for (const count of counts) {
    const all = shards(count, of)
      .flat()
      .sort((a, b) => a - b);
    expect(all).toEqual(Array.from({ length: count }, (_, index) => index));
  }
});

test.each(parts)('the sizes of %i shards differ by at most one', (of) => {
  for (const count of counts) {
    const sizes = shards(count, of).map((shard) => shard.length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  }
});

test('every shard of a data set that lies class by class has every class as often as any other', () => {
  for (const shard of shards(50_000, 8)) {
    const perClass = new Array<number>(1000).fill(0);
    for (const index of shard) perClass[Math.floor(index / 50)]!++;
    expect(new Set(perClass)).toEqual(new Set([6, 7]));
  }
});

test('3/8 is the third of eight', () => {
  expect(parseShard('3/8')).toEqual({ index: 3, of: 8 });
});

test.each(['', '3', '0/8', '9/8', '1/0', '-1/8', '3/8/2', '1.5/8', ' 3/8', 'a/b', '3/1e3'])(
  '"%s" is refused as a shard',
  (text) => {
    expect(() => parseShard(text)).toThrow(ConfigError);
  },
);
