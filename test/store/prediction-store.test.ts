import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openPredictionStore, type PredictionStore } from '../../src/store/prediction-store.js';
import { headerOf, images, keyed, prediction, sha256 } from './examples.js';
import { scratchFolder } from '../scratch.js';

const float = keyed('float');
const int8 = keyed('int8');
const list = images(20);

function open(
  folder: string,
  cache: string | null,
  models = [float, int8],
  fresh = false,
): Promise<PredictionStore> {
  return openPredictionStore({
    folder,
    header: headerOf(list, models),
    fresh,
    cache,
    warn: (message) => expect.fail(message),
  });
}

function putAll(store: PredictionStore, models = [float, int8]): void {
  for (const image of list)
    store.put(image, new Map(models.map(({ key, name }) => [key, prediction(image, name)])));
}

test('a run goes on with what an interrupted run in its folder had put', async () => {
  const folder = scratchFolder();
  const first = await open(folder, null);
  first.put(list[0]!, new Map([[float.key, prediction(list[0]!, 'float')]]));
  await first.close();

  const second = await open(folder, null);
  expect(second.get(float.key, list[0]!.sha256, list[0]!.label)).toEqual(prediction(list[0]!, 'float'));
  expect(second.get(int8.key, list[0]!.sha256, list[0]!.label)).toBeUndefined();
  await second.close();
});

test('a new model beside a known one finds the known one in the cache', async () => {
  const cache = scratchFolder();
  const first = await open(scratchFolder(), cache, [float]);
  putAll(first, [float]);
  await first.close();

  const second = await open(scratchFolder(), cache);
  for (const { sha256, label } of list) {
    expect(second.get(float.key, sha256, label)).toBeDefined();
    expect(second.get(int8.key, sha256, label)).toBeUndefined();
  }
  await second.close();
});

test('what came from the cache is in the journal as well, so that the folder stands alone', async () => {
  const [cache, alone, fromCache] = [scratchFolder(), scratchFolder(), scratchFolder()];
  for (const folder of [alone, fromCache]) {
    const store = await open(folder, cache);
    putAll(store);
    await store.close();
  }
  expect(readFileSync(`${fromCache}/journal.jsonl`)).toEqual(readFileSync(`${alone}/journal.jsonl`));
});

test('what the journal holds is not written twice', async () => {
  const folder = scratchFolder();
  const journals: Buffer[] = [];
  for (let run = 0; run < 2; run++) {
    const store = await open(folder, null);
    putAll(store);
    await store.close();
    journals.push(readFileSync(`${folder}/journal.jsonl`));
  }
  expect(journals[1]).toEqual(journals[0]);
});

test('an image that was replaced between two runs is not known', async () => {
  const folder = scratchFolder();
  const first = await open(folder, null);
  putAll(first);
  await first.close();
  const replaced = { ...list[3]!, sha256: sha256('other bytes') };

  const second = await open(folder, null);
  expect(second.get(float.key, replaced.sha256, replaced.label)).toBeUndefined();
  second.put(replaced, new Map([[float.key, prediction(replaced, 'again')]]));
  await second.close();

  const third = await open(folder, null);
  expect(third.get(float.key, replaced.sha256, replaced.label)).toEqual(prediction(replaced, 'again'));
  await third.close();
});

test('equal images with different labels are told apart', async () => {
  const store = await open(scratchFolder(), scratchFolder());
  const other = { ...list[1]!, index: 19, label: 5 };
  store.put(list[1]!, new Map([[float.key, prediction(list[1]!)]]));
  store.put(other, new Map([[float.key, prediction(other)]]));
  await store.close();
  expect(store.get(float.key, other.sha256, 5)).toBeUndefined();
});

test('a bad image of the interrupted run is written again only where its bytes or its fault are others', async () => {
  const folder = scratchFolder();
  const bad = { ...list[2]!, code: 'truncated', message: 'the file is cut short' };
  const lines = () => readFileSync(`${folder}/journal.jsonl`, 'utf8').trimEnd().split('\n').length;
  const counts: number[] = [];
  for (const image of [bad, bad, { ...bad, sha256: sha256('repaired') }, { ...bad, code: 'odd' }]) {
    const store = await open(folder, null);
    store.putBad(image);
    await store.close();
    counts.push(lines());
  }
  expect(counts).toEqual([2, 2, 3, 4]);
});

test('--fresh forgets the folder and not the cache', async () => {
  const [folder, cache] = [scratchFolder(), scratchFolder()];
  const first = await open(folder, cache);
  putAll(first);
  await first.close();

  const second = await open(folder, cache, [float, int8], true);
  expect(second.get(float.key, list[0]!.sha256, list[0]!.label)).toBeDefined();
  await second.close();
});

test('two names for one model file share its predictions', async () => {
  const twin = { ...float, name: 'the same file again' };
  const folder = scratchFolder();
  const first = await open(folder, null, [float, twin]);
  putAll(first, [float]);
  await first.close();
  const second = await open(folder, null, [float, twin]);
  expect(second.get(twin.key, list[4]!.sha256, list[4]!.label)).toEqual(prediction(list[4]!, 'float'));
  await second.close();
});
