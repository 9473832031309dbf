import { readFileSync, readdirSync, utimesSync, writeFileSync, chmodSync } from 'node:fs';
import { expect, test } from 'vitest';
import { StoreError } from '../../src/domain/errors.js';
import { CacheShare, origin } from '../../src/store/cache.js';
import { cacheFolder } from '../../src/domain/cache-location.js';
import { listCache, predictionsFolder, removeFromCache } from '../../src/store/cache-folder.js';
import type { JournalImage } from '../../src/store/journal-entry.js';
import { encodeCacheFile } from '../../src/store/cache-file.js';
import type { KeyedModel } from '../../src/store/key.js';
import { ImageIndex, PredictionTable } from '../../src/store/table.js';
import { image, images, keyed, prediction } from './examples.js';
import { scratchFolder } from '../scratch.js';

const model = keyed('float');

function silent(message: string): void {
  expect.fail(message);
}

/** The cache of one model as a run uses it. */
async function open(folder: string, of: KeyedModel = model, warn = silent) {
  const known = new ImageIndex();
  const table = new PredictionTable(0);
  const share = new CacheShare(folder, of, known, table, warn);
  await share.load();
  return {
    get: (each: JournalImage) => table.get(known.place(each)),
    put(each: JournalImage) {
      const place = known.place(each);
      if (table.mark(place) === 0) table.set(place, prediction(each), origin.run);
    },
    close: () => share.save(),
  };
}

async function fill(folder: string, some: readonly JournalImage[], of = model, warn = silent): Promise<void> {
  const cache = await open(folder, of, warn);
  for (const each of some) cache.put(each);
  await cache.close();
}

function files(folder: string): string[] {
  return readdirSync(predictionsFolder(folder, model.key)).filter((name) => name.endsWith('.parquet'));
}

test('50 000 predictions take less than 5 MB and load in less than a second', async () => {
  const folder = scratchFolder();
  const all = images(50_000);
  await fill(folder, all);
  const bytes = files(folder).map(
    (name) => readFileSync(`${predictionsFolder(folder, model.key)}/${name}`).length,
  );
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(5e6);

  const before = process.cpuUsage();
  const cache = await open(folder);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1e6).toBeLessThan(1);
  for (const each of [all[0]!, all[31_415]!, all[49_999]!]) expect(cache.get(each)).toEqual(prediction(each));
});

test('another runtime, recipe or CPU finds nothing', async () => {
  const folder = scratchFolder();
  await fill(folder, [image(0)]);
  for (const other of [
    { runtime: 'onnxruntime 1.31.0' },
    { recipe: 'c'.repeat(64) },
    { cpuFlags: ['avx512_vnni'] },
  ]) {
    const changed = keyed('float', other);
    const cache = await open(folder, changed);
    expect(cache.get(image(0))).toBeUndefined();
  }
});

test('two runs at once both find their predictions afterwards', async () => {
  const folder = scratchFolder();
  const runs = await Promise.all([1, 2].map(() => open(folder)));
  runs.forEach((cache, run) => {
    for (const each of images(30).slice(run * 10, run * 10 + 20)) cache.put(each);
  });
  await Promise.all(runs.map((cache) => cache.close()));
  const cache = await open(folder);
  for (const each of images(30)) expect(cache.get(each)).toEqual(prediction(each));
});

test('a damaged file is warned of and never believed, whichever byte it is', async () => {
  for (const at of [0, 9, 45, 75, 90, 400, -1]) {
    const folder = scratchFolder();
    await fill(folder, images(5));
    const path = `${predictionsFolder(folder, model.key)}/${files(folder)[0]!}`;
    const bytes = readFileSync(path);
    bytes[at < 0 ? bytes.length - 1 : at]! ^= 1;
    writeFileSync(path, bytes);
    const warnings: string[] = [];
    const cache = await open(folder, model, (warning) => warnings.push(warning));
    expect(warnings).toEqual([expect.stringContaining(path)]);
    expect(cache.get(image(0))).toBeUndefined();
  }
});

test('contradicting predictions are warned of, made again, and then believed', async () => {
  const folder = scratchFolder();
  await fill(folder, images(3));
  const { name, bytes } = encodeCacheFile(model.key, [
    { name: image(1), prediction: prediction(image(1), 'a faulty machine') },
  ]);
  writeFileSync(`${predictionsFolder(folder, model.key)}/${name}`, bytes);

  const warnings: string[] = [];
  await fill(folder, images(3), model, (warning) => warnings.push(warning));
  expect(warnings).toEqual([expect.stringContaining('contradicting predictions of float for 1 images')]);
  const cache = await open(folder);
  for (const each of images(3)) expect(cache.get(each)).toEqual(prediction(each));
});

test('many small files are joined into one', async () => {
  const folder = scratchFolder();
  for (let run = 0; run < 17; run++) await fill(folder, [image(run)]);
  expect(files(folder)).toHaveLength(1);
  const cache = await open(folder);
  for (const each of images(17)) expect(cache.get(each)).toEqual(prediction(each));
});

test('a run that finds everything writes nothing', async () => {
  const folder = scratchFolder();
  await fill(folder, images(4));
  const before = files(folder);
  await fill(folder, images(4));
  expect(files(folder)).toEqual(before);
});

test('a cache that cannot be written is warned of, and the run goes on', async () => {
  const file = `${scratchFolder()}/file`;
  writeFileSync(file, '');
  chmodSync(file, 0o400);
  const warnings: string[] = [];
  await fill(`${file}/cache`, [image(0)], model, (warning) => warnings.push(warning));
  expect(warnings.join('\n')).toContain('was not written');
});

test('the list names model, recipe, runtime, number and last use, last used first', async () => {
  const folder = scratchFolder();
  await fill(folder, images(7));
  await fill(folder, images(2), keyed('int8'));
  utimesSync(`${predictionsFolder(folder, model.key)}/key.json`, new Date(0), new Date(0));
  const listed = await listCache(folder);
  expect(
    listed.map(({ note, predictions }) => [note?.model, note?.recipe, note?.parts.runtime, predictions]),
  ).toEqual([
    ['int8', 'timm-bicubic-256-224', 'onnxruntime 1.30.0', 2],
    ['float', 'timm-bicubic-256-224', 'onnxruntime 1.30.0', 7],
  ]);
  expect(listed[1]!.lastUsed).toEqual(new Date(0));
});

test('a use counts as one', async () => {
  const folder = scratchFolder();
  await fill(folder, images(7));
  utimesSync(`${predictionsFolder(folder, model.key)}/key.json`, new Date(0), new Date(0));
  await open(folder);
  expect((await listCache(folder))[0]!.lastUsed.getTime()).toBeGreaterThan(Date.now() - 60_000);
});

test('predictions are removed by model, by age, or all', async () => {
  const folder = scratchFolder();
  const names = ['float', 'int8', 'old'];
  for (const name of names) await fill(folder, images(2), keyed(name));
  utimesSync(`${predictionsFolder(folder, keyed('old').key)}/key.json`, new Date(0), new Date(0));
  const left = async () => (await listCache(folder)).map(({ note }) => note?.model).sort();

  await removeFromCache(folder, { kind: 'unused-since', date: new Date(1000) });
  expect(await left()).toEqual(['float', 'int8']);
  await removeFromCache(folder, { kind: 'model', sha256Prefix: keyed('int8').parts.model.slice(0, 10) });
  expect(await left()).toEqual(['float']);
  await removeFromCache(folder, { kind: 'all' });
  expect(await left()).toEqual([]);
});

test('a prefix that fits several model files removes nothing', async () => {
  const folder = scratchFolder();
  await fill(folder, images(2), keyed('float'));
  await fill(
    folder,
    images(2),
    keyed('int8', { model: keyed('float').parts.model.slice(0, 8).padEnd(64, '0') }),
  );
  const prefix = keyed('float').parts.model.slice(0, 8);
  await expect(removeFromCache(folder, { kind: 'model', sha256Prefix: prefix })).rejects.toThrow(StoreError);
  expect(await listCache(folder)).toHaveLength(2);
});

test('files of an older version are told, and not read', async () => {
  const folder = scratchFolder();
  await fill(folder, images(2));
  writeFileSync(`${predictionsFolder(folder, model.key)}/0123.predictions`, 'IEPRED01');
  expect(await listCache(folder)).toMatchObject([{ predictions: 2, files: 1, oldFiles: 1 }]);
});

test('the cache lies where the environment says', () => {
  expect(cacheFolder({ IMAGENET_EVAL_CACHE: '/a', XDG_CACHE_HOME: '/b' })).toBe('/a');
  expect(cacheFolder({ XDG_CACHE_HOME: '/b' })).toBe('/b/onnx-imagenet-eval');
  expect(cacheFolder({ XDG_CACHE_HOME: 'relative' })).toMatch(/\/\.cache\/onnx-imagenet-eval$/);
});
