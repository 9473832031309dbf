import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { PreparedImages, verifyPreparedFolder } from '../../src/prepared/folder.js';
import { PreparedReader } from '../../src/prepared/reader.js';
import { PartWriter } from '../../src/prepared/part.js';
import { scratch } from '../scratch.js';

const { dir } = scratch();
const none = (): void => undefined;
const quiet = new AbortController().signal;

/** A block of 5 x 4 pixels whose bytes tell its number. */
const block = (number: number) => ({
  width: 5,
  height: 4,
  data: Uint8Array.from({ length: 60 }, (_, i) => (i * 7 + number) % 256),
});

async function filled(folder: string, count: number, from = 0): Promise<void> {
  const writer = new PartWriter(folder, (why) => {
    throw new Error(why);
  });
  for (let i = from; i < from + count; i++) await writer.add({ id: `i${i}`, label: i }, `sha${i}`, block(i));
  await writer.finish();
}

const npys = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.npy'))
    .map((name) => join(folder, name));

it('what is written is read again, from parts of several writers at once', async () => {
  const folder = join(dir, 'set/a');
  await Promise.all([filled(folder, 3), filled(folder, 3, 2)]);
  const images = await PreparedImages.open(folder, none, true);
  expect(
    images
      .images()
      .map(({ id }) => id)
      .sort(),
  ).toEqual(['i0', 'i1', 'i2', 'i3', 'i4']);
  const reader = new PreparedReader();
  for (let i = 0; i < 5; i++) expect(await reader.read(images.find(`sha${i}`)!)).toEqual(block(i));
  expect(images.find('sha9')).toBeNull();
  await reader.close();
});

it('floats are read as the floats that they were', async () => {
  const folder = join(dir, 'floats/a');
  const writer = new PartWriter(folder, none);
  const data = Float32Array.from({ length: 60 }, (_, i) => i / 7 - 3);
  await writer.add({ id: 'f', label: 0 }, 'f', { width: 5, height: 4, data });
  await writer.finish();
  const images = await PreparedImages.open(folder, none, true);
  const reader = new PreparedReader();
  expect((await reader.read(images.find('f')!)).data).toEqual(data);
  await reader.close();
});

it('a changed byte is found when it is read, by verify too, and the part can be taken out', async () => {
  const root = join(dir, 'changed');
  const folder = join(root, 'a');
  await filled(folder, 4);
  const [file] = npys(folder);
  const bytes = readFileSync(file!);
  bytes[bytes.length - 1]! ^= 1;
  writeFileSync(file!, bytes);
  const images = await PreparedImages.open(folder, none, true);
  const reader = new PreparedReader();
  await expect(reader.read(images.find('sha3')!)).rejects.toThrow(/is damaged at byte/);
  expect(await reader.read(images.find('sha0')!)).toEqual(block(0));
  await reader.close();
  expect(await verifyPreparedFolder(root, none, quiet)).toMatchObject({
    images: 4,
    damaged: [expect.stringContaining(file!)],
  });
  await images.drop(file!);
  expect(images.find('sha0')).toBeNull();
  expect(npys(folder)).toEqual([]);
});

it('a truncated part, one without its file, and one of something else are left out and named', async () => {
  const folder = join(dir, 'odd/a');
  for (const from of [0, 10, 20, 30]) await filled(folder, 2, from);
  const [cut, gone, other] = npys(folder);
  truncateSync(cut!, 200);
  rmSync(gone!);
  writeFileSync(other!.replace(/npy$/, 'json'), '{"version":1}');
  const told: string[] = [];
  const images = await PreparedImages.open(folder, (text) => told.push(text), true);
  expect(images.images()).toHaveLength(2);
  expect(told).toHaveLength(3);
  for (const file of [cut, gone, other]) expect(told.join('\n')).toContain(file);
});

it('images of varying size end the writing with the reason, and those before are kept', async () => {
  const folder = join(dir, 'varying/a');
  let why = '';
  const writer = new PartWriter(folder, (text) => (why = text));
  await writer.add({ id: 'a', label: 0 }, 'a', block(0));
  await writer.add({ id: 'b', label: 0 }, 'b', { width: 4, height: 4, data: new Uint8Array(48) });
  await writer.finish();
  expect(why).toContain('varying size');
  expect((await PreparedImages.open(folder, none, true)).images()).toHaveLength(1);
});
