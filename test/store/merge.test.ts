import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { indicesOfShard } from '../../src/dataset/shard.js';
import { Journal } from '../../src/store/journal.js';
import type { JournalHeader } from '../../src/store/journal-header.js';
import { mergeShards, writeMergedJournal } from '../../src/store/merge.js';
import { openPredictionStore } from '../../src/store/prediction-store.js';
import { readStoredRun } from '../../src/store/stored-run.js';
import { headerOf, images, keyed, prediction } from './examples.js';
import { scratchFolder } from '../scratch.js';

const list = images(23);
const models = [keyed('float'), keyed('int8')];
const whole = headerOf(list, models);
const BAD = 5;

function silent(message: string): void {
  expect.fail(message);
}

/** Runs part of the list, in whatever order the images come; image 5 is bad. */
async function run(indices: readonly number[], header: JournalHeader): Promise<string> {
  const folder = scratchFolder();
  const store = await openPredictionStore({ folder, header, fresh: false, cache: null, warn: silent });
  for (const index of indices) {
    const image = list[index]!;
    if (index === BAD) store.putBad({ ...image, code: 'truncated', message: 'cut short' });
    else store.put(image, new Map(header.models.map(({ key, name }) => [key, prediction(image, name)])));
  }
  await store.close();
  return folder;
}

function shard(index: number, of: number, change: Partial<JournalHeader> = {}, lack = 0): Promise<string> {
  const indices = indicesOfShard(list.length, { index, of });
  const header = { ...whole, ...change, shard: { index, of, images: indices.length } };
  return run(indices.slice(lack).reverse(), header);
}

test('shards in any order give what one run gives', async () => {
  const one = await run(
    list.map(({ index }) => index),
    whole,
  );
  const merged = await mergeShards([await shard(3, 3), await shard(1, 3), await shard(2, 3)]);
  expect(merged).toEqual(await readStoredRun(one));
  expect(merged.images.map(({ image }) => image.index)).toEqual(
    list.map(({ index }) => index).filter((index) => index !== BAD),
  );
});

test('a run without shards finds every image of a merged folder done', async () => {
  const folder = scratchFolder();
  await writeMergedJournal(folder, await mergeShards([await shard(1, 2), await shard(2, 2)]));
  const store = await openPredictionStore({
    folder,
    header: whole,
    fresh: false,
    cache: null,
    warn: silent,
  });
  for (const { index, sha256, label } of list)
    expect(store.get(models[1]!.key, sha256, label) !== undefined).toBe(index !== BAD);
  await store.close();
});

test('merging twice gives the same bytes', async () => {
  const folders = [await shard(1, 2), await shard(2, 2)];
  const journals = [];
  for (const order of [folders, [...folders].reverse()]) {
    const folder = scratchFolder();
    await writeMergedJournal(folder, await mergeShards(order));
    journals.push(readFileSync(`${folder}/journal.jsonl`, 'utf8'));
  }
  expect(journals[1]).toBe(journals[0]);
});

test('a missing shard is named', async () => {
  await expect(mergeShards([await shard(1, 4), await shard(3, 4)])).rejects.toThrow(
    'missing: shard 2/4, 4/4',
  );
});

test('a shard given twice is named with its folders', async () => {
  const [first, second, again] = [await shard(1, 2), await shard(2, 2), await shard(2, 2)];
  await expect(mergeShards([first, second, again])).rejects.toThrow(
    `shard 2/2 is given twice: ${second} and ${again}`,
  );
});

test('a shard that did not end is named with what it lacks', async () => {
  const unfinished = await shard(2, 2, {}, 3);
  await expect(mergeShards([await shard(1, 2), unfinished])).rejects.toThrow(
    `${unfinished} (shard 2/2) lacks 3 of 11 images`,
  );
});

test('shards of another runtime, model, setting or list are refused by name', async () => {
  const first = await shard(1, 2);
  const second = async (change: Partial<JournalHeader>) => mergeShards([first, await shard(2, 2, change)]);
  await expect(
    second({ models: [models[0]!, keyed('int8', { runtime: 'onnxruntime 1.31.0' })] }),
  ).rejects.toThrow('differ in int8: runtime: onnxruntime 1.30.0 -> onnxruntime 1.31.0');
  await expect(
    second({ models: [models[0]!, keyed('int8', { cpuFlags: ['avx512_vnni'] })] }),
  ).rejects.toThrow('CPU flags: avx2 fma -> avx512_vnni');
  await expect(second({ models: [models[0]!] })).rejects.toThrow('models: float, int8 -> float');
  await expect(second({ settings: { ...whole.settings, ties: 'highest-index' } })).rejects.toThrow(
    'ties: lowest-index -> highest-index',
  );
  await expect(second({ list: { ...whole.list, digest: 'f'.repeat(64) } })).rejects.toThrow(
    'names or labels',
  );
});

test('parts of another division and whole runs are refused', async () => {
  const [first, third, all] = [await shard(1, 2), await shard(2, 3), await run([0, 1, 2], whole)];
  const error = String(await mergeShards([first, third, all]).catch((thrown: unknown) => thrown));
  expect(error).toContain(`${third} is shard 2/3, and others are parts of 2`);
  expect(error).toContain(`${all} is no shard`);
});

test('shards whose images are not the list they are parts of are refused', async () => {
  const other = { ...list[3]!, id: 'renamed.JPEG' };
  const folder = scratchFolder();
  const indices = indicesOfShard(list.length, { index: 2, of: 2 });
  const header = { ...whole, shard: { index: 2, of: 2, images: indices.length } };
  const journal = await Journal.open({ folder, header, fresh: false });
  for (const index of indices) {
    const image = index === other.index ? other : list[index]!;
    if (index === BAD) journal.append({ kind: 'bad', image: { ...image, code: 'truncated', message: '' } });
    else {
      const predictions = [0, 1].map((model) => ({ model, prediction: prediction(image) }));
      journal.append({ kind: 'predictions', image, predictions });
    }
  }
  await journal.close();
  await expect(mergeShards([await shard(1, 2), folder])).rejects.toThrow('are not the list of 23');
});
