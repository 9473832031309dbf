import { ConfigError } from '../domain/errors.js';

/** Part `index` of `of`; counted from 1, as a user writes `3/8`. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** @throws ConfigError unless `text` is of the form i/n with 1 <= i <= n */
export function parseShard(text: string): Shard {
  const [, index = '', of = ''] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  if (of !== '' && shard.index >= 1 && shard.index <= shard.of) return shard;
  throw new ConfigError({
    code: 'bad-shard',
    what: `"${text}" is no shard`,
    where: '--shard',
    remedy: 'Give the number of the part and how many parts there are: --shard 1/8 to --shard 8/8.',
  });
}

/**
 * Which of `count` images, by index in the data set's canonical order, are a shard's: every `of`-th (round robin).
 * The shards are a partition, their sizes differ by at most 1, and where a data set lies class by class each shard
 * gets images of every class, as many as any other to within one.
 */
export function indicesOfShard(count: number, shard: Shard): number[] {
  const indices: number[] = [];
  for (let index = shard.index - 1; index < count; index += shard.of) indices.push(index);
  return indices;
}
