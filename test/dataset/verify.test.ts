import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDataset } from '../../src/dataset/dataset.js';
import { loadDatasetManifest } from '../../src/dataset/manifest.js';
import { verifyDataset } from '../../src/dataset/verify.js';
import { archiveFile, tarBytes } from './archive.js';
import { folderOf } from './scratch.js';

const images = ['a.JPEG', 'b.JPEG', 'c.JPEG', 'd.JPEG'];
const whole = await tarBytes(images.map((name) => ({ name, content: `image ${name}` })));

async function manifestOf(archive: Uint8Array): Promise<string> {
  const hash = (name: string) => createHash(name).update(archive).digest('hex');
  const folder = await folderOf({
    'set.yaml': `kind: dataset
version: 1
name: letters
images: 4
classes: 2
per_class: 2
archive: { name: letters.tar, bytes: ${archive.length}, md5: ${hash('md5')}, sha256: ${hash('sha256')} }
labels: val.txt
synsets: synsets.txt
source: made by a test
`,
    'val.txt': 'a.JPEG 0\nb.JPEG 0\nc.JPEG 1\nd.JPEG 1\n',
    'synsets.txt': 'n01440764 tench\nn01443537 goldfish\n',
  });
  return join(folder, 'set.yaml');
}

async function verify(path: string, labels?: string) {
  const manifest = await loadDatasetManifest(await manifestOf(whole));
  const dataset = await openDataset({
    images: path,
    labels: labels ?? manifest.path,
    subset: true,
  });
  const seen: number[] = [];
  const report = await verifyDataset(dataset, manifest, { onProgress: (bytes) => seen.push(bytes) });
  await dataset.close();
  return { report, seen };
}

it('stops hashing an archive as soon as it is told to', async () => {
  const large = Buffer.concat([whole, Buffer.alloc(4 * 2 ** 20)]);
  const manifest = await loadDatasetManifest(await manifestOf(large));
  const dataset = await openDataset({ images: await archiveFile(large), labels: manifest.path });
  const stop = new AbortController();
  const seen: number[] = [];
  const onProgress = (bytes: number): void => {
    seen.push(bytes);
    stop.abort();
  };
  await expect(verifyDataset(dataset, manifest, { onProgress, signal: stop.signal })).rejects.toThrow(
    /abort/,
  );
  expect(seen).toEqual([2 ** 20]);
  await dataset.close();
});

describe('verifying a data set against its manifest', () => {
  it('finds nothing in the archive of the manifest, and reports how far the hash has got', async () => {
    const { report, seen } = await verify(await archiveFile(whole));
    expect(report).toMatchObject({
      ok: true,
      missing: [],
      extra: [],
      mislabelled: [],
      uneven: [],
      images: { expected: 4, found: 4 },
    });
    expect(report.archive).toMatchObject({
      ok: true,
      bytes: { expected: whole.length, found: whole.length },
    });
    expect(seen.at(-1)).toBe(whole.length);
  });

  it('names what is missing and what is extra', async () => {
    const { report } = await verify(
      await folderOf({ 'a.JPEG': '', 'b.JPEG': '', 'd.JPEG': '', 'z.JPEG': '' }),
    );
    expect(report).toMatchObject({
      ok: false,
      missing: ['c.JPEG'],
      extra: ['z.JPEG'],
      images: { expected: 4, found: 4 },
      uneven: [{ index: 1, expected: 2, found: 1 }],
      archive: null,
    });
  });

  it('finds one altered byte of the archive', async () => {
    const altered = Buffer.from(whole);
    altered[515] = 88;
    const { report } = await verify(await archiveFile(altered));
    expect(report.ok).toBe(false);
    expect(report.archive?.ok).toBe(false);
    expect(report.archive?.md5?.found).not.toBe(report.archive?.md5?.expected);
    expect(report.archive?.sha256?.found).toBe(createHash('sha256').update(altered).digest('hex'));
  });

  it('tells another size without hashing', async () => {
    const { report, seen } = await verify(await archiveFile(Buffer.concat([whole, Buffer.alloc(512)])));
    expect(report.archive).toMatchObject({
      ok: false,
      md5: null,
      sha256: null,
      bytes: { found: whole.length + 512 },
    });
    expect(seen).toEqual([]);
  });

  it('names an image that lies in the wrong class folder', async () => {
    const path = await folderOf({
      'n01440764/a.JPEG': '',
      'n01443537/b.JPEG': '',
      'n01443537/c.JPEG': '',
      'n01443537/d.JPEG': '',
    });
    const { report } = await verify(path, 'folders');
    expect(report.mislabelled).toEqual([{ id: 'n01443537/b.JPEG', expected: 0, found: 1 }]);
    expect(report.ok).toBe(false);
  });
});
