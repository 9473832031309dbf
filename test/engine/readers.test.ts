import { truncate, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { expect, it } from 'vitest';

import type { EncodedPlace } from '../../src/dataset/encoded-file.js';
import { openSource } from '../../src/dataset/source.js';
import { encodedFile } from '../../src/engine/encoded.js';
import { Readers } from '../../src/engine/readers.js';
import { archiveFile, tarBytes } from '../dataset/archive.js';
import { folderOf } from '../dataset/scratch.js';

/** Threads that read images; they run the built script. */

const built = new URL('../../dist/engine/reader.js', import.meta.url);
const contents = new Map(
  Array.from({ length: 20 }, (_, i) => [
    `image${String(i).padStart(2, '0')}.JPEG`,
    `${i}`.repeat(1 + 9000 * (i % 3)),
  ]),
);

async function readBy(threads: Readers, places: readonly EncodedPlace[]) {
  try {
    return await Promise.all(places.map((place) => threads.read(place)));
  } finally {
    threads.close();
  }
}

it.each(['folder', 'archive'])(
  'give the files of a %s, and the faults, that this thread gives',
  async (kind) => {
    const path =
      kind === 'folder'
        ? await folderOf(Object.fromEntries(contents))
        : await archiveFile(await tarBytes([...contents].map(([name, content]) => ({ name, content }))));
    const { source } = await openSource(path);
    const places = source.entries.map((entry) => source.place!(entry));
    if (kind === 'folder') {
      await unlink(join(path, 'image03.JPEG'));
      await writeFile(join(path, 'image04.JPEG'), 'longer than it was');
    } else await truncate(path, source.entries[18]!.position! + 1);

    const read = await readBy(new Readers(3, built), places);
    const here = await Promise.all(source.entries.map((entry) => encodedFile(() => source.read(entry))));
    expect(
      read.map((file) => ('bytes' in file ? { ...file, bytes: Buffer.from(file.bytes!) } : file)),
    ).toEqual(here.map((file) => ('bytes' in file ? { ...file, bytes: Buffer.from(file.bytes!) } : file)));
    expect(read.filter((file) => 'code' in file)).toHaveLength(2);
    await source.close();
  },
);

it('lose no image when they die', async () => {
  const folder = await folderOf({ ...Object.fromEntries(contents), 'dies.mjs': dying });
  const { source } = await openSource(folder);
  const readers = new Readers(2, pathToFileURL(join(folder, 'dies.mjs')));
  const read = await readBy(
    readers,
    source.entries.map((entry) => source.place!(entry)),
  );
  expect(read.map((file) => 'bytes' in file && Buffer.from(file.bytes!).toString())).toEqual([
    ...contents.values(),
  ]);
});

const dying = `import { parentPort } from 'node:worker_threads';
parentPort.on('message', () => process.exit(9));`;
