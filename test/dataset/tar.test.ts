import { execFileSync } from 'node:child_process';
import { open, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openSource } from '../../src/dataset/source.js';
import { archiveFile, endMark, rawEntry, rawHeader, tarBytes } from './archive.js';
import { folderOf, valName } from './scratch.js';
import { scratchFolder } from '../scratch.js';

const limits = { maxImageBytes: 10_000, maxEntries: 1000 };

async function opened(bytes: Uint8Array) {
  const { source, faults } = await openSource(await archiveFile(bytes), limits);
  const images: Record<string, string> = {};
  for (const entry of source.entries) images[entry.id] = Buffer.from(await source.read(entry)).toString();
  await source.close();
  return { source, images, codes: faults.map((fault) => fault.code), faults };
}

const good = { name: 'good.JPEG', content: 'good image' };

describe('a sound archive', () => {
  it('gives each image its own bytes, whatever the order of reading', async () => {
    const entries = Array.from({ length: 40 }, (_, i) => ({
      name: valName(40 - i),
      content: `image ${40 - i}`.repeat(i * 50),
    }));
    const { source } = await openSource(await archiveFile(await tarBytes(entries)));
    const order = [...source.entries].sort(
      (a, b) => ((Number(a.position) * 7919) % 40961) - ((Number(b.position) * 7919) % 40961),
    );
    const read = await Promise.all(
      order.map(async (entry) => [entry.id, Buffer.from(await source.read(entry)).toString()]),
    );
    await source.close();
    expect(Object.fromEntries(read)).toEqual(
      Object.fromEntries(entries.map(({ name, content }) => [name, content])),
    );
  });

  it('lists ids in code-unit order, not in archive order', async () => {
    const names = ['b.JPEG', 'B.JPEG', 'a.JPEG', 'ä.JPEG', '10.JPEG', '9.JPEG'];
    const { source } = await opened(await tarBytes(names.map((name) => ({ name, content: name }))));
    expect(source.entries.map((entry) => entry.id)).toEqual([
      '10.JPEG',
      '9.JPEG',
      'B.JPEG',
      'a.JPEG',
      'b.JPEG',
      'ä.JPEG',
    ]);
  });

  it('may have directories and leading ./', async () => {
    const bytes = await tarBytes([
      { name: './', type: 'directory' },
      { name: './n01440764/', type: 'directory' },
      { name: './n01440764/x.JPEG', content: 'tench' },
    ]);
    const { images, codes, source } = await opened(bytes);
    expect(images).toEqual({ 'n01440764/x.JPEG': 'tench' });
    expect(codes).toEqual([]);
    expect(source.description).toBe('images.tar (tar, class folders)');
  });

  it('may state a size for a directory, which has no data', async () => {
    const bytes = Buffer.concat([
      rawHeader({ name: 'val/', typeflag: '5', bytes: 4096 }),
      rawEntry({ name: 'val/a.JPEG' }, 'a'),
      endMark,
    ]);
    expect((await opened(bytes)).images).toEqual({ 'val/a.JPEG': 'a' });
  });

  it('may have long names as pax and as GNU headers', async () => {
    const long = `${'folder/'.repeat(40)}image.JPEG`;
    const gnu = Buffer.concat([
      rawEntry({ name: '././@LongLink', typeflag: 'L' }, `${long}\0`),
      rawEntry({ name: long.slice(0, 99) }, 'gnu'),
      endMark,
    ]);
    expect((await opened(gnu)).images).toEqual({ [long]: 'gnu' });
    expect((await opened(await tarBytes([{ name: long, content: 'pax' }]))).images).toEqual({
      [long]: 'pax',
    });
  });

  it('may be of the oldest form, without a magic word', async () => {
    const bytes = Buffer.concat([rawEntry({ name: 'old.JPEG', magic: '', typeflag: '\0' }, 'old'), endMark]);
    expect((await opened(bytes)).images).toEqual({ 'old.JPEG': 'old' });
  });

  it.each(['v7', 'gnu', 'ustar', 'pax'])('may come from the tar program in its %s format', async (format) => {
    const folder = await folderOf({ 'val/a.JPEG': 'a', 'val/b.JPEG': 'bb'.repeat(400) });
    const path = join(scratchFolder(), 'made.tar');
    try {
      execFileSync('tar', [`--format=${format}`, '-C', folder, '-cf', path, 'val']);
    } catch {
      return; // another tar program, or none
    }
    const { source, faults } = await openSource(path, limits);
    const texts = await Promise.all(
      source.entries.map(async (entry) => Buffer.from(await source.read(entry)).toString()),
    );
    await source.close();
    expect(texts).toEqual(['a', 'bb'.repeat(400)]);
    expect(faults).toEqual([]);
  });

  it('passes over what is no image by its name, and says so', async () => {
    const others = ['readme.txt', '.DS_Store', '._good.JPEG', '__MACOSX/good.JPEG', 'JPEG'];
    const { images, codes, source } = await opened(
      await tarBytes([good, ...others.map((name) => ({ name, content: 'x' }))]),
    );
    expect(Object.keys(images)).toEqual(['good.JPEG']);
    expect(codes).toEqual([]);
    expect(source.notes).toEqual([
      '5 files in the archive that are no images: readme.txt, .DS_Store, ._good.JPEG, …',
    ]);
  });

  it('of 50 000 images and 6.7 GB is indexed without reading the images', async () => {
    const path = join(scratchFolder(), 'ILSVRC2012_img_val.tar');
    const file = await open(path, 'w');
    let position = 0;
    for (let number = 1; number <= 50_000; number++) {
      const bytes = 100_000 + ((number * 7919) % 70_000);
      await file.write(rawHeader({ name: valName(number), bytes }), 0, 512, position);
      position += 512 + Math.ceil(bytes / 512) * 512;
    }
    await file.truncate(position + 10_240);
    await file.close();
    const before = process.cpuUsage();
    const { source, faults } = await openSource(path);
    const spent = process.cpuUsage(before);
    await source.close();
    expect(source.entries.length).toBe(50_000);
    expect(source.entries[49_999]?.id).toBe('ILSVRC2012_val_00050000.JPEG');
    expect(faults).toEqual([]);
    // Processor seconds, which don't grow when the machine is busy; 0.5 as a rule.
    expect((spent.user + spent.system) / 1e6).toBeLessThan(10);
  });
});

describe('a hostile entry is left out with a fault, and the others are read', () => {
  const png = { content: 'x' };
  it.each([
    ['a name that climbs out', 'unsafe-name', { name: '../../etc/x.JPEG', ...png }],
    ['a name that climbs out later', 'unsafe-name', { name: 'a/../../x.JPEG', ...png }],
    ['a name that climbs out by backslashes', 'unsafe-name', { name: '..\\x.JPEG', ...png }],
    ['an absolute name', 'unsafe-name', { name: '/etc/x.JPEG', ...png }],
    ['an absolute name of Windows', 'unsafe-name', { name: 'C:\\x.JPEG', ...png }],
    ['a name with an escape sequence', 'unsafe-name', { name: '\u001b[2Jx.JPEG', ...png }],
    ['a symbolic link', 'link-entry', { name: 'x.JPEG', type: 'symlink', linkname: '/etc/passwd' }],
    ['a hard link', 'link-entry', { name: 'x.JPEG', type: 'link', linkname: 'good.JPEG' }],
    [
      'a character device',
      'unsupported-entry',
      { name: 'x.JPEG', type: 'character-device', devmajor: 1, devminor: 5 },
    ],
    ['a block device', 'unsupported-entry', { name: 'x.JPEG', type: 'block-device' }],
    ['a pipe', 'unsupported-entry', { name: 'x.JPEG', type: 'fifo' }],
    [
      'an image of more bytes than allowed',
      'oversized-entry',
      { name: 'x.JPEG', content: 'x'.repeat(10_001) },
    ],
  ] as const)('%s', async (_, code, entry) => {
    const last = { name: 'last.JPEG', content: 'last image' };
    const { images, codes } = await opened(await tarBytes([good, entry, last]));
    expect(codes).toEqual([code]);
    expect(images).toEqual({ 'good.JPEG': 'good image', 'last.JPEG': 'last image' });
  });

  it('a name that stands twice counts once, with the first content', async () => {
    const { images, codes } = await opened(await tarBytes([good, { name: './good.JPEG', content: 'other' }]));
    expect(codes).toEqual(['duplicate-name']);
    expect(images).toEqual({ 'good.JPEG': 'good image' });
  });

  it('an entry of an unknown kind, and a sparse file', async () => {
    const sparse = 'GNU.sparse.major=1\n';
    const bytes = Buffer.concat([
      rawEntry({ name: 'x.JPEG', typeflag: 'S' }, 'sparse'),
      rawEntry({ name: 'pax', typeflag: 'x' }, `${sparse.length + 3} ${sparse}`),
      rawEntry({ name: 'y.JPEG' }, 'sparse too'),
      rawEntry({ name: 'good.JPEG' }, 'good image'),
      endMark,
    ]);
    const { images, codes } = await opened(bytes);
    expect(codes).toEqual(['unsupported-entry', 'unsupported-entry']);
    expect(images).toEqual({ 'good.JPEG': 'good image' });
  });

  it('many of a kind are counted, not listed', async () => {
    const links = Array.from(
      { length: 500 },
      (_, i) => ({ name: `${i}.JPEG`, type: 'symlink', linkname: '/' }) as const,
    );
    const { faults } = await opened(await tarBytes([good, ...links]));
    expect(faults.length).toBe(21);
    expect(faults.at(-1)?.what).toBe('480 more faults of the kind link-entry');
  });
});

describe('a broken archive gives the images before the break, with a fault', () => {
  const first = rawEntry({ name: 'good.JPEG' }, 'good image');
  const second = rawEntry({ name: 'second.JPEG' }, 'x'.repeat(2000));

  it.each([
    ['cut in the middle of an image', Buffer.concat([first, second]).subarray(0, first.length + 1500)],
    ['cut in the middle of a header', Buffer.concat([first, second]).subarray(0, first.length + 100)],
    ['cut between two images', first],
    ['cut after a long name', Buffer.concat([first, rawEntry({ name: '@', typeflag: 'L' }, 'name')])],
    [
      'that states more bytes than it has',
      Buffer.concat([first, rawEntry({ name: 'x.JPEG', bytes: 9000 }, 'x'), endMark]),
    ],
    [
      'that states 2^80 bytes',
      Buffer.concat([
        first,
        rawHeader({ name: 'x.JPEG', size: Buffer.from([0x80, 0, 1, ...new Array<number>(9).fill(0)]) }),
        endMark,
      ]),
    ],
  ])('one %s', async (_, bytes) => {
    const { images, codes } = await opened(bytes);
    expect(codes).toEqual(['archive-cut-short']);
    expect(images).toEqual({ 'good.JPEG': 'good image' });
  });

  it.each([
    [
      'a header that was altered',
      Buffer.concat([first, Buffer.from(second).fill('z', 3, 4), second, endMark]),
    ],
    [
      'a negative size',
      Buffer.concat([
        first,
        rawHeader({ name: 'x.JPEG', size: Buffer.alloc(12, 0xff).fill(0x18, 11) }),
        endMark,
      ]),
    ],
    [
      'a size that is no number',
      Buffer.concat([first, rawHeader({ name: 'x.JPEG', size: 'zzzzzzzzzzz\0' }), endMark]),
    ],
    [
      'a size that is too small',
      Buffer.concat([first, rawEntry({ name: 'x.JPEG', bytes: 1 }, 'x'.repeat(2000)), endMark]),
    ],
  ])('one with %s', async (_, bytes) => {
    const { images, codes } = await opened(bytes);
    expect(codes).toEqual(['bad-header']);
    expect(images['good.JPEG']).toBe('good image');
    expect(Object.keys(images)).not.toContain('second.JPEG');
  });

  it('data after the end mark is told', async () => {
    const { images, codes } = await opened(Buffer.concat([first, endMark, second, endMark]));
    expect(codes).toEqual(['data-after-end']);
    expect(images).toEqual({ 'good.JPEG': 'good image' });
  });

  it('more entries than allowed are not read', async () => {
    const path = await archiveFile(
      await tarBytes(Array.from({ length: 50 }, (_, i) => ({ name: `${i}/`, type: 'directory' }) as const)),
    );
    await expect(openSource(path, { ...limits, maxEntries: 20 })).rejects.toThrow('more than 20 entries');
  });
});

describe('what is no archive of images is refused with a reason', () => {
  it.each([
    ['compressed-archive', 'gzip', async () => gzipSync(await tarBytes([good]))],
    ['compressed-archive', 'zip', () => Promise.resolve(Buffer.from('PK\u0003\u0004 and so on'))],
    ['not-a-tar', 'no tar archive', () => Promise.resolve(Buffer.alloc(2000, 'text '))],
    ['no-images', 'no images were found', () => Promise.resolve(endMark)],
    ['no-images', 'n01440764.tar', () => tarBytes([{ name: 'n01440764.tar', content: 'inner' }])],
    ['no-images', 'cut short', () => Promise.resolve(Buffer.alloc(0))],
  ])('%s: %s', async (code, text, bytes) => {
    const path = await archiveFile(await bytes());
    await expect(openSource(path, limits)).rejects.toMatchObject({
      name: 'DatasetError',
      code,
      message: expect.stringContaining(text),
    });
  });

  it('images-not-found: a path with nothing at it', async () => {
    await expect(openSource('/nowhere/at/all.tar')).rejects.toMatchObject({ code: 'images-not-found' });
  });
});

it('an archive that shrinks while it is read gives an error that names the image, not other bytes', async () => {
  const path = await archiveFile(await tarBytes([good, { name: 'second.JPEG', content: 'x'.repeat(3000) }]));
  const { source } = await openSource(path, limits);
  await truncate(path, 2048);
  const [first, second] = source.entries;
  expect(Buffer.from(await source.read(first!)).toString()).toBe('good image');
  await expect(source.read(second!)).rejects.toMatchObject({
    name: 'ImageError',
    code: 'archive-changed',
    where: 'second.JPEG',
  });
  await source.close();
});

it('opening an archive leaves nothing beside it', async () => {
  const folder = scratchFolder();
  const path = join(folder, 'a.tar');
  await writeFile(path, await tarBytes([good, { name: '../climbed.JPEG', content: 'x' }]));
  const { source } = await openSource(path, limits);
  await source.read(source.entries[0]!);
  await source.close();
  const { readdir } = await import('node:fs/promises');
  expect(await readdir(folder)).toEqual(['a.tar']);
});
