import { execFileSync } from 'node:child_process';
import { rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSource } from '../../src/dataset/source.js';
import { folderOf } from './scratch.js';

describe('a folder of images', () => {
  it('gives ids relative to it, with forward slashes, and the files as they are', async () => {
    const folder = await folderOf({
      'n01440764/b.JPEG': 'bb',
      'n01440764/a.JPEG': 'a',
      'n01443537/c.png': 'ccc',
    });
    const { source, faults } = await openSource(folder);
    expect(source.layout).toBe('folders');
    expect(source.entries).toEqual([
      { id: 'n01440764/a.JPEG', bytes: 1, position: null },
      { id: 'n01440764/b.JPEG', bytes: 2, position: null },
      { id: 'n01443537/c.png', bytes: 3, position: null },
    ]);
    expect(Buffer.from(await source.read(source.entries[2]!)).toString()).toBe('ccc');
    expect(faults).toEqual([]);
  });

  it('without class folders is flat', async () => {
    const { source } = await openSource(await folderOf({ 'a.JPEG': 'a', 'b.JPEG': 'b' }));
    expect(source.layout).toBe('flat');
  });

  it('with class folders and loose images is called both', async () => {
    const { source } = await openSource(await folderOf({ 'n01440764/a.JPEG': 'a', 'b.JPEG': 'b' }));
    expect(source.layout).toBe('flat');
    expect(source.description).toMatch(/\(class folders and loose images\)$/);
  });

  it('may be a link, and hold links to images elsewhere', async () => {
    const images = await folderOf({ 'a.JPEG': 'image a' });
    const subset = await folderOf({ 'note.txt': '' });
    await symlink(join(images, 'a.JPEG'), join(subset, 'linked.JPEG'));
    await symlink(subset, join(images, 'subset'));
    const { source, faults } = await openSource(join(images, 'subset'));
    expect(source.entries.map((entry) => entry.id)).toEqual(['linked.JPEG']);
    expect(Buffer.from(await source.read(source.entries[0]!)).toString()).toBe('image a');
    expect(faults).toEqual([]);
  });

  it('with a link to its own parent is not walked for ever', async () => {
    const folder = await folderOf({ 'n01440764/a.JPEG': 'a' });
    await symlink(folder, join(folder, 'n01440764', 'round'));
    const { source, faults } = await openSource(folder);
    expect(source.entries.length).toBe(1);
    expect(faults).toMatchObject([{ code: 'folder-cycle', where: 'n01440764/round' }]);
  });

  it('tells a link that leads nowhere', async () => {
    const folder = await folderOf({ 'a.JPEG': 'a' });
    await symlink(join(folder, 'gone'), join(folder, 'b.JPEG'));
    const { source, faults } = await openSource(folder);
    expect(source.entries.length).toBe(1);
    expect(faults).toMatchObject([{ code: 'dangling-link', where: 'b.JPEG' }]);
  });

  it.skipIf(process.platform === 'win32')('tells a pipe instead of waiting on it', async () => {
    const folder = await folderOf({ 'a.JPEG': 'a' });
    execFileSync('mkfifo', [join(folder, 'b.JPEG')]);
    const { faults } = await openSource(folder);
    expect(faults).toMatchObject([{ code: 'unsupported-entry', where: 'b.JPEG' }]);
  });

  it('passes over hidden folders and other files, and says so', async () => {
    const folder = await folderOf({ 'a.JPEG': 'a', '.cache/b.JPEG': 'b', 'labels.txt': '' });
    const { source, faults } = await openSource(folder);
    expect(source.entries.map((entry) => entry.id)).toEqual(['a.JPEG']);
    expect(source.notes).toEqual([
      '1 files in the folder that are no images: labels.txt',
      '1 hidden folders not looked into: .cache',
    ]);
    expect(faults).toEqual([]);
  });

  it('gives an error that names an image which is gone or changed when it is read', async () => {
    const folder = await folderOf({ 'a.JPEG': 'a', 'b.JPEG': 'b' });
    const { source } = await openSource(folder);
    await rm(join(folder, 'a.JPEG'));
    await writeFile(join(folder, 'b.JPEG'), 'longer');
    const [a, b] = source.entries;
    await expect(source.read(a!)).rejects.toMatchObject({
      name: 'ImageError',
      code: 'image-unreadable',
      where: 'a.JPEG',
    });
    await expect(source.read(b!)).rejects.toMatchObject({
      name: 'ImageError',
      code: 'image-changed',
      where: 'b.JPEG',
    });
  });

  it('leaves out an image of more bytes than allowed, and stops at the allowed number', async () => {
    const folder = await folderOf({ 'a.JPEG': 'aaaa', 'b.JPEG': 'b', 'c.JPEG': 'c', 'd.JPEG': 'd' });
    const { source, faults } = await openSource(folder, { maxImageBytes: 3, maxEntries: 2 });
    expect(source.entries.length).toBe(2);
    expect(faults.map((fault) => fault.code).sort()).toEqual(['oversized-entry', 'too-many-entries']);
  });

  it('without any image is refused', async () => {
    const folder = await folderOf({ 'note.txt': '' });
    await expect(openSource(folder)).rejects.toMatchObject({ code: 'no-images' });
  });
});
