import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDataset, type DatasetOptions } from '../../src/dataset/dataset.js';
import { labelsFromFolders } from '../../src/dataset/path-labels.js';
import { readLabels } from '../../src/dataset/labels.js';
import { shippedSynsets } from '../../src/dataset/manifest.js';
import { readSynsets } from '../../src/dataset/synsets.js';
import { describeWithShared } from '../shared.js';
import { archiveFile, tarBytes } from './archive.js';
import { folderOf, valName } from './scratch.js';

const shipped = { synsetsPath: null, where: 'images', ids: [] };

/** Labels by id of a flat folder of these images, or of the folder that is given. */
async function labelsOf(options: DatasetOptions) {
  const dataset = await openDataset(options);
  await dataset.close();
  const labels = Object.fromEntries(dataset.samples.map(({ id, label }) => [id, label]));
  return {
    labels,
    faults: dataset.faults,
    codes: dataset.faults.map((fault) => fault.code),
    notes: dataset.notes,
    dataset,
  };
}

async function flat(...names: string[]): Promise<string> {
  return folderOf(Object.fromEntries(names.map((name) => [name, name])));
}

async function file(name: string, text: string): Promise<string> {
  return join(await folderOf({ [name]: text }), name);
}

/** Notes without the one on how many images the whole set has, which no manifest states here. */
function ofLabels(notes: readonly string[]): string[] {
  return notes.filter((note) => !note.startsWith('No manifest states'));
}

describe('the shipped labels of ilsvrc2012-val', () => {
  it('give val_00000001 class 65, the sea snake', async () => {
    const { labelling, synsets, manifest } = await readLabels({ ...shipped, spec: 'ilsvrc2012-val' });
    expect(labelling.label('ILSVRC2012_val_00000001.JPEG')).toBe(65);
    expect(synsets.classes[65]).toEqual({ index: 65, wnid: 'n01751748', name: 'sea snake' });
    expect(labelling.description).toBe('ilsvrc2012-val (shipped)');
    expect(manifest).toMatchObject({
      images: 50_000,
      archive: { bytes: 6_744_924_160, md5: '29b22e2961454d5413ddabcf34fc5622' },
    });
  });

  it('are 50 for each of 1000 classes', async () => {
    const { labelling } = await readLabels({ ...shipped, spec: 'ilsvrc2012-val' });
    const counts = new Array<number>(1000).fill(0);
    for (const name of labelling.listed ?? []) counts[Number(labelling.label(name))]!++;
    expect(labelling.listed?.length).toBe(50_000);
    expect(new Set(counts)).toEqual(new Set([50]));
  });

  it('fit in 140 kB', async () => {
    const manifest = (await readLabels({ ...shipped, spec: 'ilsvrc2012-val' })).manifest;
    expect((await readFile(manifest!.labelsPath)).length).toBeLessThan(140_000);
  });

  it('name classes in the order of their WNIDs, each once, though two are called crane', async () => {
    const { classes } = await readSynsets(shippedSynsets);
    const wnids = classes.map((entry) => entry.wnid);
    expect(wnids.length).toBe(1000);
    expect(wnids).toEqual([...new Set(wnids)].sort());
    expect(classes.filter((entry) => entry.name === 'crane').map((entry) => entry.index)).toEqual([134, 517]);
  });
});

describeWithShared('the shipped labels beside the list they were made from', (dir) => {
  it('are equal for all 50 000 images', async () => {
    const { labelling } = await readLabels({ ...shipped, spec: 'ilsvrc2012-val' });
    const lines = (await readFile(`${dir}imagenet/val.txt`, 'utf8')).trimEnd().split('\n');
    const wrong = lines.filter((line) => {
      const [name = '', index] = line.split(' ');
      return labelling.label(name) !== Number(index);
    });
    expect(lines.length).toBe(50_000);
    expect(wrong).toEqual([]);
  });

  it('have the class names of the list', async () => {
    const shippedText = await readFile(shippedSynsets, 'utf8');
    expect(shippedText).toBe(await readFile(`${dir}imagenet/synset_words.txt`, 'utf8'));
  });

  it('the 500 named images are one for each even class', async () => {
    const { dataset } = await labelsOf({ images: `${dir}imagenet/images`, labels: 'filenames' });
    expect(dataset.samples.map((sample) => sample.label)).toEqual(
      Array.from({ length: 500 }, (_, i) => 2 * i),
    );
    expect(dataset.subset).toBeNull();
  });

  it('the 650 validation images get one label from the shipped file and from val.txt', async () => {
    const images = `${dir}imagenet/val227`;
    const ours = await labelsOf({ images, labels: 'ilsvrc2012-val', subset: true });
    const list = await labelsOf({ images, labels: `${dir}imagenet/val.txt` });
    expect(Object.keys(ours.labels).length).toBe(650);
    expect(list.labels).toEqual(ours.labels);
    expect(ours.codes).toEqual([]);
  });
});

describe('labels: folders', () => {
  it('a missing folder shifts nothing', async () => {
    const images = await folderOf({ 'n01484850/a.JPEG': 'a', 'n15075141/b.JPEG': 'b' });
    const { labels, dataset } = await labelsOf({ images, labels: 'folders' });
    expect(labels).toEqual({ 'n01484850/a.JPEG': 2, 'n15075141/b.JPEG': 999 });
    expect(dataset.labelsDescription).toBe('folders (WNIDs)');
  });

  it('works in a tar, below other folders too', async () => {
    const images = await archiveFile(await tarBytes([{ name: 'val/n01443537/a.JPEG', content: 'a' }]));
    const { labels } = await labelsOf({ images, labels: 'folders' });
    expect(labels).toEqual({ 'val/n01443537/a.JPEG': 1 });
  });

  it('numbers stand for themselves, not for their place in a sorted list, and it is said', async () => {
    const images = await folderOf({ '0/a.JPEG': 'a', '10/b.JPEG': 'b', '2/c.JPEG': 'c', '007/d.JPEG': 'd' });
    const { labels, notes, dataset } = await labelsOf({ images, labels: 'folders' });
    expect(labels).toEqual({ '0/a.JPEG': 0, '007/d.JPEG': 7, '10/b.JPEG': 10, '2/c.JPEG': 2 });
    expect(dataset.labelsDescription).toBe('folders (class numbers)');
    expect(notes).toContain('The folders are numbers; each was taken as the class index itself.');
  });

  it('a flat folder is refused with the reason and the ways out', async () => {
    await expect(openDataset({ images: await flat(valName(1)), labels: 'folders' })).rejects.toMatchObject({
      code: 'no-class-folders',
      what: expect.stringContaining('their order is no label either'),
      remedy: expect.stringContaining('labels: ilsvrc2012-val'),
    });
  });

  it('folders named by class are refused, for two classes are called crane', async () => {
    const images = await folderOf({ 'crane/a.JPEG': 'a' });
    await expect(openDataset({ images, labels: 'folders' })).rejects.toThrow(
      '"crane", neither WNIDs nor class numbers',
    );
  });

  it('WNIDs and numbers side by side are refused', async () => {
    const images = await folderOf({ 'n01440764/a.JPEG': 'a', '3/b.JPEG': 'b' });
    await expect(openDataset({ images, labels: 'folders' })).rejects.toMatchObject({
      code: 'mixed-class-folders',
    });
  });

  it('an unknown WNID, a number too high and a loose image are faults, and the others are labelled', async () => {
    const synsets = await readSynsets(shippedSynsets);
    const byWnid = labelsFromFolders(['n00000001/a.JPEG', 'n01440764/b.JPEG', 'c.JPEG'], synsets, 'images');
    expect(byWnid.label('n00000001/a.JPEG')).toMatchObject({ code: 'unknown-wnid' });
    expect(byWnid.label('n01440764/b.JPEG')).toBe(0);
    expect(byWnid.label('c.JPEG')).toMatchObject({ code: 'missing-label' });
    expect(labelsFromFolders(['1000/a.JPEG'], synsets, 'images').label('1000/a.JPEG')).toMatchObject({
      code: 'label-out-of-range',
    });
  });
});

describe('labels: filenames', () => {
  it('take the WNID before the underscore', async () => {
    const images = await flat('n01440764_tench.JPEG', 'n03126707_crane.JPEG', 'n02012849_10_3.jpg');
    const { labels } = await labelsOf({ images, labels: 'filenames' });
    expect(labels).toEqual({
      'n01440764_tench.JPEG': 0,
      'n02012849_10_3.jpg': 134,
      'n03126707_crane.JPEG': 517,
    });
  });

  it('a name without one is a fault that names it; names all without one are refused', async () => {
    const { codes, faults, labels } = await labelsOf({
      images: await flat('n01440764_a.JPEG', 'b.JPEG', 'n99999999_c.JPEG'),
      labels: 'filenames',
    });
    expect(codes).toEqual(['missing-label', 'unknown-wnid']);
    expect(faults[0]?.what).toContain('b.JPEG');
    expect(Object.keys(labels)).toEqual(['n01440764_a.JPEG']);
    await expect(openDataset({ images: await flat('b.JPEG'), labels: 'filenames' })).rejects.toMatchObject({
      code: 'no-wnid-names',
    });
  });
});

describe('a label file', () => {
  it.each([
    ['val.txt', 'a.JPEG 3\nb b.JPEG 4\n'],
    ['val.txt, Windows line ends and a byte-order mark', '\ufeffa.JPEG 3\r\nb b.JPEG 4\r\n'],
    ['with tabs', 'a.JPEG\t3\nb b.JPEG\t4\n'],
    ['CSV with a heading', 'filename,label\na.JPEG,3\n"b b.JPEG",4\n'],
    ['with WNIDs', 'a.JPEG n01491361\nb b.JPEG n01494475\n'],
    ['without endings', 'a 3\nb b 4\n'],
    ['with folders of its own', 'val/a.JPEG 3\n./val/b b.JPEG 4\n'],
  ])('%s labels by name', async (_, text) => {
    const images = await flat('a.JPEG', 'b b.JPEG');
    const { labels, codes } = await labelsOf({ images, labels: await file('labels.txt', text) });
    expect(labels).toEqual({ 'a.JPEG': 3, 'b b.JPEG': 4 });
    expect(codes).toEqual([]);
  });

  it('in another order than the images labels the same', async () => {
    const images = await flat('a.JPEG', 'b.JPEG', 'c.JPEG');
    const { labels } = await labelsOf({
      images,
      labels: await file('val.txt', 'c.JPEG 9\na.JPEG 7\nb.JPEG 8\n'),
    });
    expect(labels).toEqual({ 'a.JPEG': 7, 'b.JPEG': 8, 'c.JPEG': 9 });
  });

  it('Kaggle’s LOC_val_solution.csv is read, with ids in any order', async () => {
    const images = await flat(valName(48981), valName(37956));
    const csv =
      'ImageId,PredictionString\nILSVRC2012_val_00048981,n03995372 85 1 499 272 n03995372 1 2 3 4 \nILSVRC2012_val_00037956,n03481172 131 0 499 254 \n';
    const { labels, codes } = await labelsOf({ images, labels: await file('LOC_val_solution.csv', csv) });
    expect(labels).toEqual({ [valName(37956)]: 587, [valName(48981)]: 740 });
    expect(codes).toEqual([]);
  });

  it('Kaggle’s file that gives one image two classes is a contradiction', async () => {
    const images = await flat(valName(1), valName(2));
    const csv = `ImageId,PredictionString\nILSVRC2012_val_00000001,n01751748 1 2 3 4 n01440764 1 2 3 4\nILSVRC2012_val_00000002,n09193705 1 2 3 4\n`;
    const { labels, codes } = await labelsOf({ images, labels: await file('a.csv', csv) });
    expect(codes).toContain('contradictory-labels');
    expect(labels).toEqual({ [valName(2)]: 970 });
  });

  it('a list of WNIDs goes by the number in the image’s name', async () => {
    const images = await flat(
      'val_3.JPEG',
      'val_1.JPEG',
      'val_10.JPEG',
      ...[2, 4, 5, 6, 7, 8, 9].map((n) => `val_${n}.JPEG`),
    );
    const { classes } = await readSynsets(shippedSynsets);
    const list = Array.from({ length: 10 }, (_, i) => classes[i * 3]?.wnid).join('\n');
    const { labels } = await labelsOf({ images, labels: await file('synset_labels.txt', list) });
    expect(labels['val_1.JPEG']).toBe(0);
    expect(labels['val_3.JPEG']).toBe(6);
    expect(labels['val_10.JPEG']).toBe(27);
  });

  it('a list of WNIDs is refused for a part of the set, and for images without numbers', async () => {
    const list = await file('synset_labels.txt', 'n01440764\nn01443537\nn01484850\n');
    await expect(
      openDataset({ images: await flat('v_1.JPEG', 'v_2.JPEG'), labels: list }),
    ).rejects.toMatchObject({ code: 'list-length' });
    await expect(
      openDataset({ images: await flat('a.JPEG', 'b.JPEG', 'c.JPEG'), labels: list }),
    ).rejects.toMatchObject({ code: 'unnumbered-images' });
    await expect(
      openDataset({ images: await flat('a1.JPEG', 'b2.JPEG', 'b3.JPEG'), labels: list }),
    ).rejects.toMatchObject({ code: 'unnumbered-images' });
  });

  it('the devkit’s ground truth is refused with an explanation', async () => {
    const images = await flat(valName(1), valName(2), valName(3));
    const labels = await file('ILSVRC2012_validation_ground_truth.txt', '490\n361\n171\n');
    await expect(openDataset({ images, labels })).rejects.toMatchObject({
      code: 'devkit-ids',
      what: expect.stringContaining('not class indices in WNID order'),
      remedy: expect.stringContaining('labels: ilsvrc2012-val'),
    });
  });

  it('that leaves out an image is a fault that names it', async () => {
    const { codes, faults, labels } = await labelsOf({
      images: await flat('a.JPEG', 'b.JPEG'),
      labels: await file('val.txt', 'a.JPEG 1\n'),
    });
    expect(codes).toEqual(['missing-label']);
    expect(faults[0]?.what).toBe('1 image is left out: b.JPEG is not in val.txt');
    expect(labels).toEqual({ 'a.JPEG': 1 });
  });

  it('with labels for images that are not here is only a note', async () => {
    const { codes, notes } = await labelsOf({
      images: await flat('a.JPEG'),
      labels: await file('val.txt', 'a.JPEG 1\nz.JPEG 2\n'),
    });
    expect(codes).toEqual([]);
    expect(ofLabels(notes)).toEqual(['1 label is for an image that is not here.']);
  });

  it('with a class that does not exist is a fault with the line', async () => {
    const labels = await file('val.txt', 'a.JPEG 1\nb.JPEG 1001\nc.JPEG -1\nd.JPEG n00000000\n');
    const { faults, dataset } = await labelsOf({
      images: await flat('a.JPEG', 'b.JPEG', 'c.JPEG', 'd.JPEG'),
      labels,
    });
    expect(faults.slice(0, 3)).toMatchObject([
      { code: 'label-out-of-range', where: `${labels}, line 2` },
      { code: 'label-out-of-range', where: `${labels}, line 3` },
      { code: 'unknown-wnid', where: `${labels}, line 4` },
    ]);
    expect(dataset.samples.length).toBe(1);
  });

  it('that counts classes from 1 is told so', async () => {
    const lines = Array.from({ length: 1000 }, (_, i) => `${i}.JPEG ${i + 1}`).join('\n');
    const { faults } = await labelsOf({
      images: await flat('5.JPEG', '999.JPEG'),
      labels: await file('val.txt', lines),
    });
    expect(faults[0]?.what).toContain('count classes from 1');
  });

  it('that contradicts itself is a fault, and the image has no label; a mere repetition is not', async () => {
    const labels = await file('val.txt', 'a.JPEG 1\nb.JPEG 2\na.JPEG 3\nb.JPEG 2\na.JPEG 1\n');
    const read = await labelsOf({ images: await flat('a.JPEG', 'b.JPEG'), labels });
    expect(read.faults[0]).toMatchObject({ code: 'contradictory-labels', where: `${labels}, line 3` });
    expect(read.labels).toEqual({ 'b.JPEG': 2 });
  });

  it('that labels by base name does not label two images of one name', async () => {
    const images = await folderOf({ 'x/a.JPEG': '1', 'y/a.JPEG': '2', 'z.JPEG': '3' });
    const { codes, labels } = await labelsOf({
      images,
      labels: await file('val.txt', 'a.JPEG 1\nz.JPEG 2\n'),
    });
    expect(codes).toEqual(['duplicate-name']);
    expect(labels).toEqual({ 'x/a.JPEG': 1, 'z.JPEG': 2 });
    const whole = await labelsOf({
      images,
      labels: await file('val.txt', 'x/a.JPEG 1\ny/a.JPEG 3\nz.JPEG 2\n'),
    });
    expect(whole.labels).toEqual({ 'x/a.JPEG': 1, 'y/a.JPEG': 3, 'z.JPEG': 2 });
  });

  it('tells a.JPEG and a.png apart, also below a folder that the images lack', async () => {
    const images = await folderOf({ 'x/a.JPEG': '1' });
    const { labels, codes } = await labelsOf({
      images,
      labels: await file('val.txt', 'y/a.png 2\ny/a.JPEG 1\n'),
    });
    expect(labels).toEqual({ 'x/a.JPEG': 1 });
    expect(codes).toEqual([]);
  });

  it.each([
    ['unknown-label-format', '<html>no labels</html>\n'],
    ['invalid-label-line', 'a.JPEG 1\nnonsense\n'],
  ])('of no known form is refused: %s', async (code, text) => {
    await expect(
      openDataset({ images: await flat('a.JPEG'), labels: await file('val.txt', text) }),
    ).rejects.toMatchObject({ code });
  });

  it('that is not there is refused with the accepted words', async () => {
    await expect(openDataset({ images: await flat('a.JPEG'), labels: 'ilsvrc-val' })).rejects.toMatchObject({
      code: 'labels-not-found',
      remedy: expect.stringContaining('ilsvrc2012-val'),
    });
  });
});

describe('labels from elsewhere for ILSVRC 2012’s images', () => {
  const names = Array.from({ length: 20 }, (_, i) => valName(i + 1));
  const right = [
    65, 970, 230, 809, 516, 57, 334, 415, 674, 332, 109, 286, 370, 757, 595, 147, 108, 23, 478, 517,
  ];

  async function read(labels: number[]) {
    const text = names.map((name, i) => `${name} ${labels[i]}`).join('\n');
    return labelsOf({ images: await flat(...names), labels: await file('val.txt', text) });
  }

  it('that are the shipped ones raise nothing', async () => {
    const { codes, notes } = await read(right);
    expect(codes).toEqual([]);
    expect(ofLabels(notes)).toEqual([]);
  });

  it('that count from 1 are found out though all are in range', async () => {
    const { faults } = await read(right.map((label) => label + 1));
    expect(faults).toMatchObject([
      { code: 'labels-disagree', what: expect.stringContaining('they count classes from 1') },
    ]);
  });

  it('in another class order are found out', async () => {
    const { faults } = await read(right.map((label) => (label * 7 + 3) % 1000));
    expect(faults).toMatchObject([
      { code: 'labels-disagree', what: expect.stringContaining('another class order') },
    ]);
  });

  it('that correct a few are only noted', async () => {
    const { codes, notes } = await read([1, ...right.slice(1)]);
    expect(codes).toEqual([]);
    expect(ofLabels(notes)).toEqual(["1 of 20 labels differ from ilsvrc2012-val's."]);
  });
});
