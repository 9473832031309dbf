import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDataset, type DatasetOptions } from '../../src/dataset/dataset.js';
import { openSource } from '../../src/dataset/source.js';
import { stratifiedSample } from '../../src/dataset/stratified-sample.js';
import { readSynsets } from '../../src/dataset/synsets.js';
import { readModelFile } from '../../src/model/model-file.js';
import { describeWithShared } from '../shared.js';
import { archiveFile, tarBytes } from './archive.js';
import { folderOf } from './scratch.js';

const wnids = ['n01440764', 'n01443537', 'n01484850', 'n01491361'];

/** A folder of four WNID folders with so many images each. */
async function classFolders(...counts: number[]): Promise<string> {
  const files = counts.flatMap((count, label) =>
    Array.from({ length: count }, (_, i) => [`${String(wnids[label])}/${i}.JPEG`, `${label} ${i}`] as const),
  );
  return folderOf(Object.fromEntries(files));
}

async function manifestFile(
  images: number,
  perClass?: number,
  labels: readonly number[] = Array.from({ length: images }, (_, i) => i % 4),
): Promise<string> {
  const folder = await folderOf({
    'set.yaml': `kind: dataset\nversion: 1\nname: four\nimages: ${images}\nclasses: 4\n${perClass === undefined ? '' : `per_class: ${perClass}\n`}labels: val.txt\nsynsets: synsets.txt\nsource: made by a test\n`,
    'val.txt': labels.map((label, i) => `v_${i + 1}.JPEG ${label}`).join('\n'),
    'synsets.txt': wnids.map((wnid) => `${wnid} name`).join('\n'),
  });
  return join(folder, 'set.yaml');
}

async function open(options: DatasetOptions) {
  const dataset = await openDataset(options);
  await dataset.close();
  return {
    ...dataset,
    ids: dataset.samples.map(({ id }) => id),
    codes: dataset.faults.map((fault) => fault.code),
  };
}

function numbered(...numbers: number[]): Promise<string> {
  return folderOf(Object.fromEntries(numbers.map((n) => [`v_${n}.JPEG`, `image ${n}`])));
}

describe('a limit', () => {
  it('draws each class in proportion, not the first classes', async () => {
    const { samples, subset } = await open({
      images: await classFolders(40, 20, 20, 20),
      labels: 'folders',
      limit: 10,
    });
    const counts = [0, 0, 0, 0];
    for (const { label } of samples) counts[label]!++;
    expect(counts).toEqual([4, 2, 2, 2]);
    expect(subset).toBe('10 of 100 images: drawn by class from 100 with seed 0');
  });

  it('of one image a class takes one of each', async () => {
    const { samples } = await open({ images: await classFolders(9, 9, 9, 9), labels: 'folders', limit: 4 });
    expect(samples.map(({ label }) => label)).toEqual([0, 1, 2, 3]);
  });

  it('draws the same for the same seed, another for another, and keeps the order of ids', async () => {
    const images = await classFolders(30, 30, 30, 30);
    const first = await open({ images, labels: 'folders', limit: 20, limitSeed: 1 });
    const again = await open({ images, labels: 'folders', limit: 20, limitSeed: 1 });
    const other = await open({ images, labels: 'folders', limit: 20, limitSeed: 2 });
    expect(again.ids).toEqual(first.ids);
    expect(other.ids).not.toEqual(first.ids);
    expect(first.ids).toEqual([...first.ids].sort());
    expect(other.subset).toContain('with seed 2');
  });

  it('draws the same from a tar in another order', async () => {
    const names = Array.from({ length: 40 }, (_, i) => `${String(wnids[i % 4])}/${i}.JPEG`);
    const archive = (order: string[]) =>
      tarBytes(order.map((name) => ({ name, content: name }))).then((bytes) => archiveFile(bytes));
    const forth = await open({ images: await archive(names), labels: 'folders', limit: 8 });
    const back = await open({ images: await archive([...names].reverse()), labels: 'folders', limit: 8 });
    expect(back.ids).toEqual(forth.ids);
  });

  it('as large as the set takes all and calls it no subset', async () => {
    const { ids, subset } = await open({ images: await classFolders(2, 2), labels: 'folders', limit: 4 });
    expect(ids.length).toBe(4);
    expect(subset).toBeNull();
  });

  it.each([0, -1, 1.5, NaN])('of %d is refused', async (limit) => {
    await expect(
      openDataset({ images: await classFolders(1), labels: 'folders', limit }),
    ).rejects.toMatchObject({ code: 'invalid-limit' });
  });

  it('that is smaller draws a part of what a larger one draws', () => {
    const samples = Array.from({ length: 500 }, (_, i) => ({ id: `${i}.JPEG`, label: i % 7 }));
    const small = stratifiedSample(samples, 50, 3);
    const large = new Set(stratifiedSample(samples, 200, 3));
    expect(small.length).toBe(50);
    expect(small.every((sample) => large.has(sample))).toBe(true);
  });
});

describe('fewer images than the manifest states', () => {
  it('are a fault that says how many are missing and names some', async () => {
    const { codes, faults } = await open({ images: await numbered(1, 2, 4), labels: await manifestFile(6) });
    expect(codes).toEqual(['fewer-images-than-manifest']);
    expect(faults[0]?.what).toBe(
      'there are 3 images, but four has 6; 3 are missing, among them v_3.JPEG, v_5.JPEG, v_6.JPEG',
    );
  });

  it.each([{ subset: true }, { limit: 3 }])(
    'are none with %o, and the subset is described',
    async (consent) => {
      const { codes, subset } = await open({
        images: await numbered(1, 2, 4),
        labels: await manifestFile(6),
        ...consent,
      });
      expect(codes).toEqual([]);
      expect(subset).toBe('3 of the 6 images of four');
    },
  );
});

it('all images of the manifest are no subset and no fault', async () => {
  const { codes, subset, samples } = await open({
    images: await numbered(1, 2, 3, 4),
    labels: await manifestFile(4, 1),
  });
  expect(codes).toEqual([]);
  expect(subset).toBeNull();
  expect(samples.map(({ label }) => label)).toEqual([0, 1, 2, 3]);
});

it('more images than the manifest states are a fault, with subset: true as well', async () => {
  const { codes } = await open({
    images: await numbered(1, 2, 3, 4, 5, 6),
    labels: await manifestFile(4, undefined, [0, 1, 2, 3, 0, 1]),
    subset: true,
  });
  expect(codes).toEqual(['more-images-than-manifest']);
});

it('a whole set whose classes are uneven where the manifest says they are even is a fault', async () => {
  const { codes, faults } = await open({
    images: await numbered(1, 2, 3, 4, 5, 6, 7, 8),
    labels: await manifestFile(8, 2, [0, 0, 1, 1, 2, 2, 2, 3]),
  });
  expect(codes).toEqual(['uneven-classes']);
  expect(faults[0]?.what).toContain('class 2 has 3, class 3 has 1');
});

it('the classes are those of the manifest', async () => {
  const { classes } = await open({ images: await numbered(1, 2, 3, 4), labels: await manifestFile(4) });
  expect(classes.map((entry) => entry.wnid)).toEqual(wnids);
});

describe('a list of the only images to take', () => {
  it('takes those, says how many it left out, and meets a list of images to leave out', async () => {
    const lists = await folderOf({ 'lost.txt': 'v_1.JPEG\nv_3\n5\n', 'bad.txt': 'v_3\n' });
    const { ids, subset } = await open({
      images: await numbered(1, 2, 3, 4, 5, 6),
      labels: await manifestFile(6),
      only: join(lists, 'lost.txt'),
      exclude: join(lists, 'bad.txt'),
    });
    expect(ids).toEqual(['v_1.JPEG', 'v_5.JPEG']);
    expect(subset).toBe(
      '2 of the 6 images of four: 3 left out, as they are not in lost.txt, 1 left out by bad.txt',
    );
  });

  it('that is empty is refused: nothing would be measured', async () => {
    const list = join(await folderOf({ 'none.txt': '# nothing\n' }), 'none.txt');
    await expect(
      openDataset({ images: await numbered(1), labels: await manifestFile(1), only: list }),
    ).rejects.toMatchObject({ code: 'image-list-unknown' });
  });
});

describe('a list of images to leave out', () => {
  it('may give ids, names without ending, or numbers, and the subset says how many', async () => {
    const list = join(
      await folderOf({ 'blacklist.txt': '# devkit\nv_1.JPEG\nv_3\n5  # number\n99\n' }),
      'blacklist.txt',
    );
    const { ids, subset, notes, codes } = await open({
      images: await numbered(1, 2, 3, 4, 5, 6),
      labels: await manifestFile(6),
      exclude: list,
    });
    expect(ids).toEqual(['v_2.JPEG', 'v_4.JPEG', 'v_6.JPEG']);
    expect(subset).toBe('3 of the 6 images of four: 3 left out by blacklist.txt');
    expect(notes).toEqual(['1 of 4 entries of blacklist.txt name no image here.']);
    expect(codes).toEqual([]);
  });

  it('that names none of the images is refused', async () => {
    const list = join(await folderOf({ 'blacklist.txt': 'other.JPEG\n' }), 'blacklist.txt');
    await expect(
      openDataset({ images: await numbered(1), labels: await manifestFile(1), exclude: list }),
    ).rejects.toMatchObject({ code: 'image-list-unknown' });
  });
});

it('images without a label count against the set: the subset says that they are left out', async () => {
  const { codes, subset } = await open({ images: await numbered(1, 2, 9), labels: await manifestFile(3) });
  expect(codes).toEqual(['missing-label']);
  expect(subset).toBe('2 of the 3 images of four: 1 left out for want of a sound label');
});

it('no labelled image at all is refused with the reason', async () => {
  await expect(
    openDataset({ images: await numbered(8, 9), labels: await manifestFile(3) }),
  ).rejects.toMatchObject({
    code: 'nothing-labelled',
    what: expect.stringContaining('v_8.JPEG is not in val.txt'),
  });
});

it('faults of the archive are faults of the set', async () => {
  const bytes = await tarBytes([
    { name: 'v_1.JPEG', content: 'a' },
    { name: '../v_2.JPEG', content: 'b' },
  ]);
  const { codes } = await open({ images: await archiveFile(bytes), labels: await manifestFile(2) });
  expect(codes).toEqual(['unsafe-name', 'fewer-images-than-manifest']);
});

describeWithShared('650 of the 50 000 validation images', (dir) => {
  it('need subset: true, and then say what they are', async () => {
    const images = `${dir}imagenet/val227`;
    expect((await open({ images, labels: 'ilsvrc2012-val' })).codes).toEqual(['fewer-images-than-manifest']);
    const { subset, samples, notes } = await open({ images, labels: 'ilsvrc2012-val', subset: true });
    expect(samples.length).toBe(650);
    expect(subset).toBe('650 of the 50,000 images of ilsvrc2012-val');
    expect(notes.filter((note) => note.includes('not here'))).toEqual([]);
  });
});

it.skipIf(process.platform === 'win32')(
  'a pipe that nobody writes to is refused at once as images, class list and model, not waited for',
  async () => {
    const pipe = join(mkdtempSync(join(tmpdir(), 'pipe-')), 'pipe');
    execFileSync('mkfifo', [pipe]);
    const what = 'it is a folder, a pipe, a socket or a device, not a file';
    await expect(openSource(pipe)).rejects.toThrow(what);
    await expect(readSynsets(pipe)).rejects.toThrow(what);
    await expect(readModelFile(pipe, 'piped')).rejects.toThrow(what);
  },
);
