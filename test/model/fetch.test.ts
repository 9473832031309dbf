import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fetchModel, type FetchOptions } from '../../src/model/fetch.js';
import { isLfsPointer } from '../../src/model/lfs-pointer.js';
import { lfsMediaUrl } from '../../src/model/lfs-pointer.js';
import { loadModelManifest, type ModelManifest } from '../../src/model/manifest.js';
import { cachedModelPath } from '../../src/model/model-cache.js';
import { folderOf } from '../dataset/scratch.js';
import { scratchFolder } from '../scratch.js';
import {
  breaksOff,
  fallsSilent,
  hidesLength,
  ignoresRanges,
  says,
  serves,
  trickles,
  unreliableServer,
} from './unreliable-server.js';

const file = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * i * 31 + i) % 251));
const sha256 = createHash('sha256').update(file).digest('hex');
const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${file.length}\n`;

async function manifestFor(...urls: string[]): Promise<ModelManifest> {
  const text = `kind: model\nversion: 1\nname: net\nsha256: ${sha256}\nbytes: ${file.length}\nsource: made by a test\nlicense: Apache-2.0\n${urls.length === 0 ? '' : `download: { urls: ${JSON.stringify(urls)} }\n`}`;
  return loadModelManifest(join(await folderOf({ 'net.yaml': text }), 'net.yaml'));
}

async function setUp(...urls: string[]) {
  const manifest = await manifestFor(...urls);
  const cacheDir = scratchFolder();
  const path = cachedModelPath(manifest, cacheDir);
  const options: FetchOptions = { cacheDir, backoffMs: 1, attempts: 3 };
  return {
    path,
    fetch: (more: Partial<FetchOptions> = {}) => fetchModel(manifest, { ...options, ...more }),
    /** Leaves these bytes as an earlier, interrupted call would. */
    leavePart: async (bytes: Buffer) => {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(`${path}.part`, bytes);
    },
    files: () => readdir(dirname(path)).catch(() => []),
  };
}

describe('a download', () => {
  it('puts the file in the cache by its hash, reports progress, and leaves nothing else', async () => {
    const { url } = await unreliableServer(serves(file));
    const { fetch, path, files } = await setUp(url);
    const seen: [number, number][] = [];
    expect(await fetch({ onProgress: (received, total) => seen.push([received, total]) })).toEqual({
      path,
      sha256,
      bytes: file.length,
      cached: false,
    });
    expect((await readFile(path)).equals(file)).toBe(true);
    expect(await files()).toEqual(['net.onnx']);
    expect(seen[0]).toEqual([0, file.length]);
    expect(seen.at(-1)).toEqual([file.length, file.length]);
  });

  it('of what is there already asks no server', async () => {
    const { url, ranges } = await unreliableServer(serves(file));
    const { fetch } = await setUp(url);
    await fetch();
    expect(await fetch()).toMatchObject({ cached: true });
    expect(ranges.length).toBe(1);
  });

  it('replaces a file in the cache that was altered', async () => {
    const { url } = await unreliableServer(serves(file));
    const { fetch, path } = await setUp(url);
    await fetch();
    await writeFile(path, Buffer.alloc(file.length));
    expect(await fetch()).toMatchObject({ cached: false });
    expect((await readFile(path)).equals(file)).toBe(true);
  });

  it('without a stated length is taken all the same', async () => {
    const { url } = await unreliableServer(hidesLength(file));
    const { fetch } = await setUp(url);
    expect(await fetch()).toMatchObject({ sha256 });
  });

  it('is right when two go on at once, and leaves nothing else', async () => {
    const { url } = await unreliableServer(trickles(file, 5, 10), trickles(file, 5, 10));
    const { fetch, path, files } = await setUp(url);
    const both = await Promise.all([fetch(), fetch()]);
    expect(both.map((fetched) => fetched.sha256)).toEqual([sha256, sha256]);
    expect((await readFile(path)).equals(file)).toBe(true);
    expect(await files()).toEqual(['net.onnx']);
  });

  it('takes up what a process that is no more has left', async () => {
    const { url, ranges } = await unreliableServer(serves(file));
    const { fetch, path, files } = await setUp(url);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.part-${hostname()}-${2 ** 22 + 1}-x`, file.subarray(0, 1000));
    expect((await fetch()).sha256).toBe(sha256);
    expect(ranges).toEqual(['bytes=1000-']);
    expect(await files()).toEqual(['net.onnx']);
  });

  it('goes on from an earlier part', async () => {
    const { url, ranges } = await unreliableServer(serves(file));
    const { fetch, leavePart, path } = await setUp(url);
    await leavePart(file.subarray(0, 70_000));
    await fetch();
    expect(ranges).toEqual(['bytes=70000-']);
    expect((await readFile(path)).equals(file)).toBe(true);
  });

  it('goes on after each break, as often as something new arrives', async () => {
    const { url, ranges } = await unreliableServer(
      ...Array.from({ length: 6 }, () => breaksOff(file, 30_000)),
      serves(file),
    );
    const { fetch, path } = await setUp(url);
    const notices: string[] = [];
    await fetch({ onNotice: (notice) => notices.push(notice) });
    expect(ranges).toEqual(
      [null, 30, 60, 90, 120, 150, 180].map((k) => (k === null ? null : `bytes=${k * 1000}-`)),
    );
    expect(notices[0]).toContain('broke off at byte 30000 of 200000');
    expect((await readFile(path)).equals(file)).toBe(true);
  });

  it('begins anew where the server ignores ranges', async () => {
    const { url, ranges } = await unreliableServer(ignoresRanges(file));
    const { fetch, leavePart, path } = await setUp(url);
    await leavePart(file.subarray(0, 70_000));
    await fetch();
    expect(ranges).toEqual(['bytes=70000-']);
    expect((await readFile(path)).equals(file)).toBe(true);
  });

  it.each([
    [
      'another range than asked',
      says(206, { 'content-range': 'bytes 0-199999/200000' }, 'x'.repeat(200_000)),
    ],
    [
      'a range of another file',
      says(206, { 'content-range': 'bytes 70000-99999/100000' }, 'x'.repeat(30_000)),
    ],
    ['a part without saying which', says(206, {}, 'x'.repeat(130_000))],
    ['that there is no such range', says(416)],
  ])('begins anew where the server gives %s', async (_, answer) => {
    const { url, ranges } = await unreliableServer(answer, serves(file));
    const { fetch, leavePart, path } = await setUp(url);
    await leavePart(file.subarray(0, 70_000));
    await fetch();
    expect(ranges).toEqual(['bytes=70000-', null]);
    expect((await readFile(path)).equals(file)).toBe(true);
  });

  it('begins anew where the earlier part was of another file', async () => {
    const { url, ranges } = await unreliableServer(serves(file));
    const { fetch, leavePart, path } = await setUp(url);
    await leavePart(Buffer.alloc(70_000));
    await fetch();
    expect(ranges).toEqual(['bytes=70000-', null]);
    expect((await readFile(path)).equals(file)).toBe(true);
  });

  it('begins anew where the earlier part is longer than the file', async () => {
    const { url, ranges } = await unreliableServer(serves(file));
    const { fetch, leavePart } = await setUp(url);
    await leavePart(Buffer.alloc(300_000));
    expect(await fetch()).toMatchObject({ sha256 });
    expect(ranges).toEqual([null]);
  });

  it('tries again when the server is busy', async () => {
    const { url } = await unreliableServer(says(503), says(429), serves(file));
    const { fetch } = await setUp(url);
    expect(await fetch()).toMatchObject({ sha256 });
  });

  it('tries again when the server falls silent', async () => {
    const { url } = await unreliableServer(fallsSilent, serves(file));
    const { fetch } = await setUp(url);
    expect(await fetch({ idleTimeoutMs: 300 })).toMatchObject({ sha256 });
  });

  it('that is slow but steady is not broken off', async () => {
    const { url, ranges } = await unreliableServer(trickles(file, 8, 200));
    const { fetch } = await setUp(url);
    expect(await fetch({ idleTimeoutMs: 1200 })).toMatchObject({ sha256 });
    expect(ranges).toEqual([null]);
  });

  it('gives up after so many attempts without anything new, and keeps what it has', async () => {
    const { url, ranges } = await unreliableServer(breaksOff(file, 50_000), says(503));
    const { fetch, files } = await setUp(url);
    await expect(fetch()).rejects.toMatchObject({
      name: 'ModelError',
      code: 'download-failed',
      what: expect.stringContaining('503'),
    });
    expect(ranges.length).toBe(4);
    expect(await files()).toEqual(['net.onnx.part']);
  });

  it('takes the second address where the first has nothing', async () => {
    const none = await unreliableServer(says(404));
    const { url } = await unreliableServer(serves(file));
    const { fetch } = await setUp(none.url, url);
    const notices: string[] = [];
    expect(await fetch({ onNotice: (notice) => notices.push(notice) })).toMatchObject({ sha256 });
    expect(notices[0]).toContain('404');
  });

  it('does not try a refusal again', async () => {
    const { url, ranges } = await unreliableServer(says(403));
    const { fetch } = await setUp(url);
    await expect(fetch()).rejects.toMatchObject({ code: 'download-refused' });
    expect(ranges.length).toBe(1);
  });

  it('from no address at all is refused with the source', async () => {
    const { fetch } = await setUp();
    await expect(fetch()).rejects.toMatchObject({
      code: 'no-download',
      remedy: expect.stringContaining('made by a test'),
    });
  });
});

describe('a file that is not the right one never gets the name', () => {
  const other = Buffer.alloc(file.length, 7);

  it.each([
    ['other bytes', 'sha256-mismatch', serves(other)],
    ['fewer bytes, and says so', 'length-mismatch', serves(other.subarray(0, 5000))],
    ['more bytes, and says so', 'length-mismatch', serves(Buffer.concat([file, other]))],
    ['more bytes without saying so', 'length-mismatch', hidesLength(Buffer.concat([file, other]))],
    ['a web page', 'length-mismatch', says(200, { 'content-length': '13' }, '<html></html>')],
  ])('the server sends %s', async (_, code, answer) => {
    const { url } = await unreliableServer(answer);
    const { fetch, files } = await setUp(url);
    await expect(fetch()).rejects.toMatchObject({ name: 'ModelError', code });
    expect(await files()).toEqual([]);
  });

  it('the server ends early again and again', async () => {
    const { url } = await unreliableServer(hidesLength(file.subarray(0, 5000)));
    const { fetch, files } = await setUp(url);
    await expect(fetch()).rejects.toMatchObject({ code: 'download-failed' });
    expect(await files()).toEqual(['net.onnx.part']);
  });
});

describe('a Git LFS pointer', () => {
  it.each([
    ['with its length', serves(Buffer.from(pointer))],
    ['without its length', hidesLength(Buffer.from(pointer))],
  ])('sent %s is refused with what it is and how to get the file', async (_, answer) => {
    const { url } = await unreliableServer(answer);
    const { fetch, files } = await setUp(url);
    await expect(fetch()).rejects.toMatchObject({
      code: 'lfs-pointer',
      what: expect.stringContaining(
        `a Git LFS pointer, a text of ${pointer.length} bytes that stands in the repository for the right file (200000 bytes`,
      ),
      remedy: expect.stringContaining('git lfs pull'),
    });
    expect(await files()).toEqual([]);
  });

  it('to another file is told as such', async () => {
    const { url } = await unreliableServer(serves(Buffer.from(pointer.replace(sha256, '0'.repeat(64)))));
    await expect((await setUp(url)).fetch()).rejects.toThrow('for another file');
  });

  it('from a GitHub raw address leads to the media address', async () => {
    const asked: string[] = [];
    const fetchImpl: typeof fetch = (input) => {
      const url = new Request(input).url;
      asked.push(url);
      return Promise.resolve(new Response(new URL(url).hostname.startsWith('media.') ? file : pointer));
    };
    const { fetch: download } = await setUp('https://github.com/owner/name/raw/main/models/net.onnx');
    expect(await download({ fetchImpl })).toMatchObject({ sha256 });
    expect(asked).toEqual([
      'https://github.com/owner/name/raw/main/models/net.onnx',
      'https://media.githubusercontent.com/media/owner/name/main/models/net.onnx',
    ]);
  });

  it('has a media address for raw and blob addresses of GitHub only', () => {
    const media = 'https://media.githubusercontent.com/media/o/n/c0ffee/a/b.onnx';
    expect(lfsMediaUrl('https://raw.githubusercontent.com/o/n/c0ffee/a/b.onnx')).toBe(media);
    expect(lfsMediaUrl('https://github.com/o/n/raw/c0ffee/a/b.onnx')).toBe(media);
    expect(lfsMediaUrl('https://github.com/o/n/blob/c0ffee/a/b.onnx')).toBe(media);
    expect(lfsMediaUrl('https://github.com/o/n/releases/download/v1/b.onnx')).toBeNull();
    expect(lfsMediaUrl('https://example.org/o/n/raw/c0ffee/a/b.onnx')).toBeNull();
  });

  it('is known by its first line and size', () => {
    expect(isLfsPointer(Buffer.from(pointer))).toBe(true);
    expect(isLfsPointer(Buffer.from(`${pointer}${'x'.repeat(1024)}`))).toBe(false);
    expect(isLfsPointer(file)).toBe(false);
    expect(isLfsPointer(new Uint8Array())).toBe(false);
  });
});

describe('a redirect', () => {
  it('is followed, and the range goes with it', async () => {
    const target = await unreliableServer(serves(file));
    const { url } = await unreliableServer(says(302, { location: target.url }));
    const { fetch, leavePart } = await setUp(url);
    await leavePart(file.subarray(0, 70_000));
    expect(await fetch()).toMatchObject({ sha256 });
    expect(target.ranges).toEqual(['bytes=70000-']);
  });

  it('may be relative', async () => {
    const { url } = await unreliableServer(says(307, { location: '/elsewhere' }), serves(file));
    expect(await (await setUp(url)).fetch()).toMatchObject({ sha256 });
  });

  it('in a circle is ended', async () => {
    const { url, ranges } = await unreliableServer(says(302, { location: '/net.onnx' }));
    await expect((await setUp(url)).fetch()).rejects.toMatchObject({ code: 'too-many-redirects' });
    expect(ranges.length).toBe(9);
  });

  it.each(['file:///etc/passwd', 'data:text/plain,x', 'ftp://example.org/x', 'http://['])(
    'to %s is refused',
    async (location) => {
      const { url } = await unreliableServer(says(302, { location }));
      await expect((await setUp(url)).fetch()).rejects.toMatchObject({ code: 'redirect-refused' });
    },
  );

  it('from https to http is refused, except to this machine', async () => {
    const target = await unreliableServer(serves(file));
    const to =
      (location: string): typeof fetch =>
      (input, init) =>
        new Request(input).url.startsWith('https:')
          ? Promise.resolve(new Response(null, { status: 302, headers: { location } }))
          : fetch(input, init);
    const { fetch: download } = await setUp('https://example.org/net.onnx');
    await expect(download({ fetchImpl: to('http://example.org/net.onnx') })).rejects.toThrow(
      'gives up encryption',
    );
    expect(await download({ fetchImpl: to(target.url) })).toMatchObject({ sha256 });
  });
});
