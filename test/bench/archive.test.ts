import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { decode } from 'reference-pixels/decode';

import { packArchive, validationName, withComment } from '../../bench/rehearsal/archive.js';
import { copiesThatDiffer } from '../../bench/rehearsal/copies.js';
import { layOut, validationLabels } from '../../bench/rehearsal/layout.js';
import { imagesOf } from '../../bench/run/images.js';
import { openDataset } from '../../src/dataset/dataset.js';
import { describeWithShared } from '../shared.js';
import { scratch } from '../scratch.js';

const { dir } = scratch();

it('names count from 1 in eight digits', () => {
  expect(validationName(50_000)).toBe('ILSVRC2012_val_00050000.JPEG');
});

it('what is no JPEG gets no comment', () => {
  expect(() => withComment(Buffer.from('GIF89a'), 'x')).toThrow(RangeError);
});

it('copies of which the network says something else are named; labels may differ', () => {
  const csv = 'file,label,c1\na,1,2\nb,3,4\nc,9,2\nd,3,5\n';
  expect(copiesThatDiffer(csv, [0, 1, 0, 1])).toEqual(['d']);
});

it('an entry gets an image of its own class in turn, else the next of all', () => {
  const images = ['n01440764_a.JPEG', 'n01440764_b.JPEG', 'n01443537_c.JPEG'];
  expect(layOut(images, [0, 7, 0, 1, 0, 7], 6)).toEqual([0, 0, 1, 2, 0, 1]);
  expect(validationLabels()).toHaveLength(50_000);
});

describeWithShared('an archive of real images', (shared) => {
  const from = `${shared}imagenet/images`;

  it('opens as the real file does, no two entries of the same bytes', async () => {
    const archive = join(dir, 'ILSVRC2012_img_val.tar');
    const sources = layOut(imagesOf(from), validationLabels(), 600);
    await packArchive(from, sources, archive);
    const dataset = await openDataset({ images: archive, labels: 'ilsvrc2012-val', subset: true });
    expect(dataset.faults).toEqual([]);
    expect(dataset.samples).toHaveLength(600);
    expect(dataset.source.layout).toBe('tar');
    const digests = new Set<string>();
    for (const sample of dataset.samples) digests.add(hash('sha256', await dataset.source.read(sample)));
    expect(digests.size).toBe(600);
    await dataset.close();
  });

  it('a comment changes no pixel', async () => {
    const jpeg = readFileSync(`${from}/n01440764_tench.JPEG`);
    const plain = await decode(jpeg, 'pillow');
    expect((await decode(withComment(jpeg, 'ILSVRC'), 'pillow')).data).toEqual(plain.data);
  });
});
