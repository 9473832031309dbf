import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readLabels } from '../../src/dataset/labels.js';
import { readRealLabels } from '../../src/dataset/real-labels.js';
import { describeWithShared } from '../shared.js';
import { folderOf, valName } from './scratch.js';

describeWithShared('ReaL labels', (dir) => {
  it('belong to images by the number in the name', async () => {
    const real = await readRealLabels(`${dir}imagenet/real.json`);
    expect(real.lists.length).toBe(50_000);
    expect(real.accepted('ILSVRC2012_val_00000001.JPEG')).toEqual([]);
    expect(real.accepted('val/ILSVRC2012_val_00000002.JPEG')).toEqual([970, 795]);
    expect(real.accepted('ILSVRC2012_val_00050001.JPEG')).toBeNull();
    expect(real.accepted('n01440764_2.JPEG')).toBeNull();
  });

  it('hold the original label for 90.02 % of the images that have any', async () => {
    const real = await readRealLabels(`${dir}imagenet/real.json`);
    const { labelling } = await readLabels({
      spec: 'ilsvrc2012-val',
      synsetsPath: null,
      where: '',
      ids: [],
    });
    const lists = Array.from({ length: 50_000 }, (_, i) => ({
      list: real.accepted(valName(i + 1)) ?? [],
      label: labelling.label(valName(i + 1)),
    }));
    const judged = lists.filter(({ list }) => list.length > 0);
    const kept = judged.filter(({ list, label }) => list.includes(Number(label)));
    expect(((100 * kept.length) / judged.length).toFixed(2)).toBe('90.02');
  });
});

describe('a file of ReaL labels', () => {
  it.each([
    ['that is no JSON', '[[1],'],
    ['of another length', '[[1],[2]]'],
    ['with a class that does not exist', JSON.stringify(Array.from({ length: 50_000 }, () => [1000]))],
    ['with an entry that is no list', JSON.stringify(Array.from({ length: 50_000 }, () => 3))],
  ])('%s is refused', async (_, text) => {
    const path = join(await folderOf({ 'real.json': text }), 'real.json');
    await expect(readRealLabels(path)).rejects.toMatchObject({
      name: 'DatasetError',
      code: 'invalid-real-labels',
    });
  });
});
