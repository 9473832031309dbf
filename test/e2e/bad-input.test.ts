import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';

import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';

import { parseConfig } from '../../src/config/config.js';
import type { Summary } from '../../src/report/summary-schema.js';
import { endMark, rawEntry, rawHeader } from '../dataset/archive.js';
import {
  demoConfig,
  drawing,
  drawingName,
  firstNames,
  floatModel,
  folderWith,
  int8Model,
  labelOf,
  labelsText,
  model,
} from './demo-set.js';
import { expectNoStack, program, projectDir, type Finished } from './program.js';
import { scratch } from '../scratch.js';

const { dir, file } = scratch();
const labels = file('val.txt', labelsText(labelOf.keys()));

interface Ran extends Finished {
  readonly out: string;
  readonly summary: Summary;
}

let runs = 0;

/** Runs a config that ends in a report. */
async function ran(config: string, ...more: readonly string[]): Promise<Ran> {
  const name = `run${++runs}`;
  const out = join(dir, name);
  const path = file(`${name}.yaml`, config);
  const finished = await program(['run', path, '--out', out, '--no-cache', ...more]);
  expectNoStack(finished);
  const summary = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')) as Summary;
  return { ...finished, out, summary };
}

/** Runs a config that ends before any image is read. */
async function refused(config: string | Uint8Array): Promise<string> {
  const out = join(dir, 'never-written');
  const finished = await program(['run', file('refused.yaml', config), '--out', out, '--no-cache']);
  expectNoStack(finished);
  expect(finished.code).toBe(2);
  expect(finished.stdout).toBe('');
  expect(() => readdirSync(out)).toThrow();
  return finished.stderr;
}

function floatOver(images: string, more = ''): string {
  return demoConfig({ images, labels, more });
}

describe('a folder in which some images are bad', () => {
  const images = folderWith(join(dir, 'mixed'), firstNames(8), {
    [drawingName(9)]: drawing(9).subarray(0, 900),
    [drawingName(10)]: Buffer.from('this is no image'),
    [drawingName(11)]: Buffer.alloc(0),
    'unlabelled.JPEG': drawing(12),
    'forged\n  - ok.JPEG': drawing(12),
  });
  mkdirSync(join(images, drawingName(13)));
  symlinkSync(join(dir, 'nowhere'), join(images, drawingName(14)));
  execFileSync('mkfifo', [join(images, drawingName(15))]);
  const documented =
    ', documented: { top1: 99.9, images: 8, source: the test }, compare_with: int8, tolerance: 100';
  const config = (more: string): string =>
    demoConfig({
      images,
      labels,
      models: [model('float', floatModel, documented), model('int8', int8Model)],
      more,
    });
  let failing: Ran;
  let skipping: Ran;

  beforeAll(async () => {
    [failing, skipping] = await Promise.all([ran(config('')), ran(config('on_bad_image: skip'))]);
  });

  it('is measured to its end, and ends with exit code 2', () => {
    expect(failing.code).toBe(2);
    expect(failing.summary.models.map(({ images: n }) => n)).toEqual([8, 8]);
    expect(failing.stderr).toContain('the figures rest on 8 images');
  });

  it('has every bad image named, with what is wrong with it', () => {
    const told = failing.stderr;
    expect(told).toMatch(/demo_val_00000009\.JPEG: .*cut off.*\[image-truncated\]/);
    expect(told).toMatch(/demo_val_00000010\.JPEG: .*neither JPEG nor PNG.*\[image-format\]/);
    expect(told).toMatch(/demo_val_00000011\.JPEG: .*empty.*\[image-empty\]/);
    expect(told).toMatch(/demo_val_00000013\.JPEG: is a folder.*\[image-unreadable\]/);
    expect(told).toMatch(/demo_val_00000014\.JPEG: .*leads nowhere.*\[dangling-link\]/);
    expect(told).toMatch(/demo_val_00000015\.JPEG: .*no file.*\[unsupported-entry\]/);
    expect(told).toMatch(/2 images are left out: .*unlabelled\.JPEG is not in val\.txt.*\[missing-label\]/);
  });

  it('shows a line break in a name as no new line', () => {
    expect(failing.stderr).not.toMatch(/^ {2}- ok\.JPEG/m);
  });

  it('has its bad images listed in summary.json and the reports', () => {
    expect(failing.summary.dataset.badImages.map(({ id, code }) => [id, code])).toEqual([
      [drawingName(9), 'image-truncated'],
      [drawingName(10), 'image-format'],
      [drawingName(11), 'image-empty'],
    ]);
    for (const report of ['report.md', 'report.html'])
      expect(readFileSync(join(failing.out, report), 'utf8')).toContain(drawingName(10));
  });

  it('leaves them out with `on_bad_image: skip` and exits by the verdicts', () => {
    expect(skipping.code).toBe(0);
    expect(skipping.summary.models.map(({ top1 }) => top1)).toEqual(
      failing.summary.models.map(({ top1 }) => top1),
    );
    expect(skipping.stderr).toContain(drawingName(9));
  });

  it('gets no verdict of reproduction: the set has more images than the eight of the documented figure', () => {
    for (const { summary } of [failing, skipping])
      expect(summary.models[0]!.verdict).toMatchObject({ outcome: 'none', reason: 'other-data-set' });
  });

  it('says in every report for people that images were left out', () => {
    for (const report of ['report.md', 'report.html']) {
      const text = readFileSync(join(skipping.out, report), 'utf8');
      expect(text, report).toMatch(/3 images could not be used/);
      expect(text, report).toMatch(/3 of 11 images could not be used/);
      expect(text, report).toContain('leads nowhere');
    }
    expect(skipping.summary.dataset.subset).toContain('3 of 11 images could not be used');
    expect(skipping.summary.dataset.subset).toContain('dangling-link');
  });
});

describe('markup and formulae in the names of images', () => {
  const names = ['=cmd().JPEG', '</script><script>alert(1)</script>.JPEG', '<b>bold.JPEG'];
  const archive = join(dir, 'names.tar');
  let named: Ran;

  beforeAll(async () => {
    writeFileSync(
      archive,
      Buffer.concat([
        ...names.map((name, i) => rawEntry({ name }, drawing(i + 1))),
        rawEntry({ name: '<i>bad.JPEG' }, 'no image'),
        endMark,
      ]),
    );
    // Wrong labels bring the images into the gallery of errors.
    const wrong = (name: string): number => (name.startsWith('=') ? 0 : 5);
    const val = file('names.txt', labelsText([...names, '<i>bad.JPEG'], wrong));
    named = await ran(demoConfig({ images: archive, labels: val }));
  });

  it('stay text in report.html', () => {
    const page = readFileSync(join(named.out, 'report.html'), 'utf8');
    expect(page).not.toContain('<script>alert(1)');
    expect(page).not.toContain('<b>bold');
    expect(page).not.toContain('<i>bad');
    expect(page).toContain('&lt;i&gt;bad.JPEG');
  });

  it('are no formulae in any CSV', () => {
    const folders = ['.', 'predictions'].map((sub) => join(named.out, sub));
    const files = folders.flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => name.endsWith('.csv'))
        .map((name) => join(folder, name)),
    );
    const all = files.map((path) => readFileSync(path, 'utf8')).join('\n');
    expect(files.length).toBeGreaterThan(2);
    expect(all).toContain("'=cmd().JPEG");
    expect(all).not.toMatch(/(^|,)"?=cmd/m);
  });
});

describe('a hostile archive', () => {
  const good = (numbers: readonly number[]): Buffer[] =>
    numbers.map((n) => rawEntry({ name: drawingName(n) }, drawing(n)));
  const archive = (name: string, parts: readonly Uint8Array[]): string => file(name, Buffer.concat(parts));

  it('has entries that climb out, link, repeat or are devices named, and the others measured', async () => {
    const images = archive('hostile.tar', [
      ...good([1, 2, 3]),
      rawEntry({ name: `../../${drawingName(4)}` }, drawing(4)),
      rawEntry({ name: `/etc/${drawingName(5)}` }, drawing(5)),
      rawHeader({ name: drawingName(6), typeflag: '2', linkname: '/etc/passwd' }),
      rawHeader({ name: drawingName(7), typeflag: '1', linkname: drawingName(1) }),
      rawHeader({ name: drawingName(8), typeflag: '3' }),
      rawHeader({ name: drawingName(9), typeflag: '6' }),
      rawEntry({ name: drawingName(1) }, drawing(2)),
      endMark,
    ]);
    const [{ code, stderr, summary }, skipped] = await Promise.all([
      ran(floatOver(images)),
      ran(floatOver(images, 'on_bad_image: skip')),
    ]);
    expect(code).toBe(2);
    expect(summary.models[0]!.images).toBe(3);
    expect(stderr).toContain('7 faults; the figures rest on 3 images');
    for (const what of [
      'climbs out',
      'absolute path',
      'link to "/etc/passwd"',
      'character-device',
      'fifo',
      'more than once',
    ])
      expect(stderr).toContain(what);
    expect(skipped.code).toBe(0);
    expect(skipped.summary.dataset.subset).toContain('unsafe-name');
  });

  it('that was cut short ends with exit code 2, with `skip` too: what is lost nobody can tell', async () => {
    const whole = Buffer.concat([...good([1, 2, 3, 4]), endMark]);
    const images = file('cut.tar', whole.subarray(0, whole.length - 3000));
    const [failing, skipping] = await Promise.all([
      ran(floatOver(images)),
      ran(floatOver(images, 'on_bad_image: skip')),
    ]);
    for (const { code, stderr, summary } of [failing, skipping]) {
      expect(code).toBe(2);
      expect(stderr).toMatch(/cut short.*\[archive-cut-short\]/);
      expect(summary.models[0]!.images).toBe(3);
      expect(summary.dataset.subset).toContain('archive-cut-short');
    }
  });

  it('with a wrong size in a header gives no image the bytes of another', async () => {
    const images = archive('sizes.tar', [
      ...good([1, 2]),
      rawHeader({ name: drawingName(3), bytes: drawing(3).length + 1024 }),
      rawEntry({ name: drawingName(3) }, drawing(3)).subarray(512),
      ...good([4, 5]),
      endMark,
    ]);
    const { code, stderr, summary, out } = await ran(floatOver(images));
    expect(code).toBe(2);
    expect(stderr).toContain('[bad-header]');
    expect(summary.models[0]!.images).toBeLessThanOrEqual(3);
    expect(readFileSync(join(out, 'images.csv'), 'utf8')).not.toContain(drawingName(5));
  });

  it('that states a size of 8 GB is told as cut short, at once', async () => {
    const images = archive('huge.tar', [
      ...good([1]),
      rawHeader({ name: drawingName(2), bytes: 8 * 1024 ** 3 - 1 }),
      ...good([3]),
      endMark,
    ]);
    const { code, stderr } = await ran(floatOver(images));
    expect(code).toBe(2);
    expect(stderr).toContain(`ends in the middle of "${drawingName(2)}"`);
  });
});

/** A PNG whose header promises a size that its data don't hold. */
function pngBomb(side: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const checksum = Buffer.alloc(4);
    checksum.writeUInt32BE(crc32(Buffer.concat([Buffer.from(type), data])));
    return Buffer.concat([length, Buffer.from(type), data, checksum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.alloc(100_000))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A drawing whose frame header promises another size. */
function jpegBomb(side: number): Buffer {
  const bytes = Buffer.from(drawing(2));
  const frame = bytes.indexOf(Buffer.from('ffc0', 'hex'));
  bytes.writeUInt16BE(side, frame + 5);
  bytes.writeUInt16BE(side, frame + 7);
  return bytes;
}

it('a decompression bomb is refused by its header, before any pixel is allocated', async () => {
  const images = folderWith(join(dir, 'bombs'), firstNames(6).slice(2), {
    [drawingName(1)]: pngBomb(60_000),
    [drawingName(2)]: jpegBomb(60_000),
  });
  const { code, stderr, summary } = await ran(floatOver(images));
  expect(code).toBe(2);
  expect(stderr.match(/promises 60000x60000 pixels.*\[image-too-large\]/g)).toHaveLength(2);
  expect(summary.models[0]!.images).toBe(4);
  expect(summary.run.peakMemoryBytes).toBeLessThan(600e6);
});

it('a decode that takes longer than `engine.decode_timeout_seconds` is given up and its image named', async () => {
  // Progressive and large: its decode takes several times the limit, a drawing's a hundredth of it.
  const slow = await sharp(drawing(1)).resize(8000, 8000).jpeg({ progressive: true }).toBuffer();
  const images = folderWith(join(dir, 'slow'), firstNames(4).slice(1), { [drawingName(1)]: slow });
  const { code, stderr, summary } = await ran(
    floatOver(images, 'engine: { decode_timeout_seconds: 0.3, workers: 1 }'),
  );
  expect(code).toBe(2);
  expect(stderr).toMatch(/demo_val_00000001\.JPEG: decoding took longer than 0\.3 s.*\[decode-timeout\]/);
  expect(summary.dataset.badImages.map(({ code: why }) => why)).toContain('decode-timeout');
});

describe('a config that is none', () => {
  it.each([
    ['an empty file', '', 'is empty'],
    ['binary bytes', Buffer.from('00ff10fe80c0d1', 'hex'), 'no text'],
    ['broken YAML', 'dataset: { images: x\n', 'no valid YAML'],
  ])('%s is told in a paragraph', async (_, config, told) => {
    expect(await refused(config)).toContain(told);
  });

  it.each([
    ['only comments', '# nothing\n', 'is empty'],
    ['a list', '- dataset\n- models\n', 'expected a map'],
    ['a word', 'dataset\n', 'expected a map'],
    ['a repeated key', 'title: a\ntitle: b\n', 'line 2'],
  ])('%s is refused', (_, config, told) => {
    expect(() => parseConfig(config)).toThrow(told);
  });

  it('a YAML alias bomb is refused, and not unfolded', async () => {
    const level = (name: string, of: string): string =>
      `${name}: &${name} [${Array.from({ length: 9 }, () => of).join(',')}]`;
    const bomb = [
      level('a', 'x'),
      level('b', '*a'),
      level('c', '*b'),
      level('d', '*c'),
      level('e', '*d'),
      'models: *e',
    ];
    expect(await refused(bomb.join('\n'))).toMatch(/aliases/);
  });

  it('a folder, a missing file and an image archive are told apart', async () => {
    const run = (path: string): Promise<Finished> => program(['run', path]);
    const told = await Promise.all(
      [dir, join(dir, 'absent.yaml'), join(projectDir, 'demo/images.tar')].map(run),
    );
    for (const finished of told) {
      expectNoStack(finished);
      expect(finished.code).toBe(2);
    }
    expect(told[0]!.stderr).toContain('is a folder');
    expect(told[1]!.stderr).toContain('no such file');
    expect(told[2]!.stderr).toContain('no text');
  });
});

describe('a model file that is none', () => {
  const lfs = [
    'version https://git-lfs.github.com/spec/v1',
    `oid sha256:${'0'.repeat(64)}`,
    'size 13974943',
    '',
  ].join('\n');
  const images = folderWith(join(dir, 'few'), firstNames(2));

  it.each([
    ['a Git LFS pointer', lfs, /Git LFS pointer.*not the model itself[\s\S]*git lfs pull/],
    ['an HTML page', '<!doctype html><html><body>Not found</body></html>', /not an ONNX model/],
    ['an empty file', '', /not an ONNX model/],
    ['a model cut short', readFileSync(floatModel).subarray(0, 200_000), /not an ONNX model/],
    ['a JPEG', drawing(1), /not an ONNX model/],
  ])('%s is told for what it is', async (_, bytes, told) => {
    const path = file('bad.onnx', bytes);
    const text = await refused(demoConfig({ images, labels, models: [model('mine', path)] }));
    expect(text).toMatch(told);
    expect(text).toContain('mine (');
  });

  it('a graph that onnxruntime refuses is told in its words', async () => {
    const bytes = Buffer.from(readFileSync(floatModel));
    const at = bytes.indexOf('Conv');
    bytes.write('Konv', at);
    const images8 = folderWith(join(dir, 'eight'), firstNames(8));
    const path = file('unknown-op.onnx', bytes);
    const text = await program([
      'run',
      file('op.yaml', demoConfig({ images: images8, labels, models: [model('mine', path)] })),
      '--out',
      join(dir, 'op'),
      '--no-cache',
    ]);
    expectNoStack(text);
    expect(text.code).toBe(2);
    expect(text.stderr).toMatch(/\[model-load-failed\].*Konv/s);
  });
});

describe('data that is none', () => {
  it.each([
    ['an empty folder', () => folderWith(join(dir, 'empty'), []), /no images were found/],
    ['a missing folder', () => join(dir, 'absent'), /can't be opened/],
    ['a text file', () => labels, /no tar archive|no images were found/],
  ])('%s is told', async (_, images, told) => {
    expect(await refused(floatOver(images()))).toMatch(told);
  });

  it('labels for none of the images are told, with the names that were looked for', async () => {
    const images = folderWith(join(dir, 'strangers'), [], { 'a.JPEG': drawing(1), 'b.JPEG': drawing(2) });
    expect(await refused(floatOver(images))).toMatch(/none of the images has a label by val\.txt/);
  });
});
