import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  documentedFigure,
  downloadUrls,
  loadModelManifest,
  modelFileName,
  shippedModels,
} from '../../src/model/manifest.js';
import { cacheFolder } from '../../src/domain/cache-location.js';
import { cachedModelPath, locateModel } from '../../src/model/model-cache.js';
import { folderOf } from '../dataset/scratch.js';

const sha256 = 'ab'.repeat(32);
const sound = `kind: model
version: 1
name: net
sha256: ${sha256}
bytes: 4
source: made by a test
license: Apache-2.0
`;

async function load(text: string, files: Record<string, string> = {}) {
  return loadModelManifest(join(await folderOf({ 'net.yaml': text, ...files }), 'net.yaml'));
}

describe('the shipped manifests of the documented pair', () => {
  it.each([
    [
      'hardnet39ds_pt_224',
      'd716332e54717baf36141f5d678f017f50242cc711f2e8bca8ce51a37868dc2a',
      13_974_943,
      74.38,
    ],
    [
      'hardnet39ds_pt_224_qdq_int8',
      '3d5dfbba5412128f8afd459f24e47eaf482dd031760b2d87ba7f0308a67e362a',
      3_805_942,
      73.61,
    ],
  ])('%s states hash, size, figure, recipe and place', async (name, hash, bytes, top1) => {
    const manifest = await loadModelManifest(name);
    expect(manifest).toMatchObject({ name, sha256: hash, bytes, recipe: 'timm-bicubic-256-224' });
    expect(documentedFigure(manifest)).toMatchObject({
      top1,
      top5: null,
      images: 50_000,
      dataset: 'ilsvrc2012-val',
      sha256: hash,
    });
    expect(downloadUrls(manifest)[0]).toBe(
      `https://media.githubusercontent.com/media/STMicroelectronics/stm32ai-modelzoo/7f3764d58ef8c7bca36116c4d6c12434d2682af7/image_classification/hardnet_pt/Public_pretrainedmodel_public_dataset/Imagenet/hardnet39ds_pt_224/${name}.onnx`,
    );
    expect(modelFileName(manifest)).toBe(`${name}.onnx`);
    expect(manifest.documented?.note).toContain('is not the preprocessing that this figure was made with');
  });

  it('every shipped one is valid', async () => {
    for (const name of shippedModels()) expect((await loadModelManifest(name)).name).toBe(name);
  });
});

describe('a model manifest', () => {
  it('may state figures as percent alone or with the number of images', async () => {
    const manifest = await load(
      `${sound}documented: { top1: { correct: 329, percent: 82.25 }, top5: 99, images: 400, dataset: demo, source: here }\n`,
    );
    expect(documentedFigure(manifest)).toEqual({
      top1: 82.25,
      top1Decimals: 2,
      top5: 99,
      top5Decimals: 0,
      images: 400,
      dataset: 'demo',
      source: 'here',
      sha256,
    });
  });

  it('without a figure documents none', async () => {
    expect(documentedFigure(await load(sound))).toBeNull();
  });

  it.each([
    ['an unknown key', `${sound}sha: 1\n`, /sha/],
    ['a hash that is none', sound.replace(sha256, 'abc'), /sha256 \(line 4\): expected 64/],
    [
      'an address of another kind',
      `${sound}url: file:///etc/passwd\n`,
      /url \(line 8\): expected an http or https address/,
    ],
    [
      'a figure over 100',
      `${sound}documented: { top1: 744, images: 1, dataset: d, source: s }\n`,
      /documented\.top1 \(line 8\)/,
    ],
  ])('with %s is refused', async (_, text, message) => {
    await expect(load(text)).rejects.toThrow(message);
  });
});

describe('the place of a model file', () => {
  const nowhere = '/nowhere/cache';

  it('is the path that is given, then beside the manifest, then in the cache', async () => {
    const manifest = await load(`${sound}file: models/net.onnx\n`, {
      'models/net.onnx': 'onnx',
      'own.onnx': 'onnx',
    });
    const folder = join(manifest.path, '..');
    const own = join(folder, 'own.onnx');
    expect(await locateModel(manifest, { path: own, cacheDir: nowhere })).toBe(own);
    expect(await locateModel(manifest, { path: null, cacheDir: nowhere })).toBe(
      join(folder, 'models', 'net.onnx'),
    );
    const cacheDir = await folderOf({ [`models/${sha256}/net.onnx`]: 'onnx' });
    const remote = await load(`${sound}url: https://example.org/a/net.onnx?raw=true\n`);
    expect(await locateModel(remote, { path: null, cacheDir })).toBe(cachedModelPath(remote, cacheDir));
  });

  it('that is given but empty is not made up for by another file', async () => {
    const manifest = await load(`${sound}file: net.onnx\n`, { 'net.onnx': 'onnx' });
    await expect(
      locateModel(manifest, { path: '/nowhere/net.onnx', cacheDir: nowhere }),
    ).rejects.toMatchObject({ code: 'model-not-found' });
  });

  it('that is nowhere is told with the command that fetches it', async () => {
    await expect(
      locateModel(await loadModelManifest('hardnet39ds_pt_224'), { path: null, cacheDir: nowhere }),
    ).rejects.toThrow('Get it with `imagenet-eval fetch hardnet39ds_pt_224`');
  });

  it('in the cache follows IMAGENET_EVAL_CACHE, then XDG_CACHE_HOME', () => {
    expect(cacheFolder({ IMAGENET_EVAL_CACHE: '/own', XDG_CACHE_HOME: '/xdg' })).toBe('/own');
    expect(cacheFolder({ XDG_CACHE_HOME: '/xdg' })).toBe(join('/xdg', 'onnx-imagenet-eval'));
    expect(cacheFolder({})).toMatch(/\.cache[/\\]onnx-imagenet-eval$/);
  });
});

it('an address whose percent signs begin no escape still names a file', async () => {
  const manifest = await load(`${sound}url: https://example.com/%zz/net%2.onnx\n`);
  expect(modelFileName(manifest)).toBe('net%2.onnx');
});
