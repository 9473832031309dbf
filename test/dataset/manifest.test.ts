import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadDatasetManifest, shippedDatasets } from '../../src/dataset/manifest.js';
import { folderOf } from './scratch.js';

const sound = `kind: dataset
version: 1
name: letters
images: 4
classes: 2
labels: lists/val.txt
synsets: synsets.txt
source: made by a test
`;

const bomb = `a: &a [x, x, x, x, x, x, x, x]
b: &b [*a, *a, *a, *a, *a, *a, *a, *a]
c: &c [*b, *b, *b, *b, *b, *b, *b, *b]
d: [*c, *c, *c, *c, *c, *c, *c, *c]
`;

async function load(text: string) {
  return loadDatasetManifest(join(await folderOf({ 'set.yaml': text }), 'set.yaml'));
}

describe('a data-set manifest', () => {
  it('has paths relative to itself', async () => {
    const manifest = await load(sound);
    expect(manifest.labelsPath).toBe(join(manifest.path, '..', 'lists', 'val.txt'));
    expect(manifest).toMatchObject({ name: 'letters', images: 4, classes: 2 });
  });

  it('is refused with all its faults at once, each with line and path', async () => {
    const faulty =
      sound.replace('images: 4', 'images: many').replace('version: 1', 'version: 2') +
      'colour: red\narchive: { name: a.tar, bytes: 1, md5: XYZ }\n';
    await expect(load(faulty)).rejects.toThrow(
      /version \(line 2\): .*\n.*images \(line 4\): expected a number, got "many"\n.*colour \(line 9\): unknown key.*\n.*archive\.md5 \(line 10\): expected 32 lower-case hexadecimal digits, got "XYZ"/,
    );
  });

  it.each([
    ['that is no YAML', 'kind: [dataset', 'yaml-syntax'],
    ['that is empty', '', 'empty-file'],
    ['whose aliases explode', bomb, 'yaml-syntax'],
    ['that is a model manifest', sound.replace('kind: dataset', 'kind: model'), 'invalid-manifest'],
  ])('%s is refused', async (_, text, code) => {
    await expect(load(text)).rejects.toMatchObject({ name: 'ConfigError', code });
  });

  it('with a misspelt key is told the key', async () => {
    await expect(load(sound.replace('classes:', 'clases:'))).rejects.toThrow(/Did you mean "classes"\?/);
  });

  it('of an unknown name is refused with the shipped ones', async () => {
    expect(shippedDatasets()).toContain('ilsvrc2012-val');
    await expect(loadDatasetManifest('imagenet-val')).rejects.toMatchObject({
      code: 'manifest-not-found',
      remedy: expect.stringContaining('ilsvrc2012-val'),
    });
  });

  it('every shipped one is valid', async () => {
    for (const name of shippedDatasets()) expect((await loadDatasetManifest(name)).name).toBe(name);
  });
});
