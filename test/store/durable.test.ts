import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it, vi } from 'vitest';

import { makeFolder, removeLeftovers } from '../../src/store/durable.js';
import { scratch } from '../scratch.js';

const { dir } = scratch();

describe('a folder', () => {
  it('is made with those above it, by several at once too', async () => {
    const path = join(dir, 'a/b/c');
    await Promise.all([makeFolder(path), makeFolder(path), makeFolder(join(dir, 'a/b/d'))]);
    expect(readdirSync(join(dir, 'a/b')).sort()).toEqual(['c', 'd']);
    for (let round = 0; round < 100; round++)
      await Promise.all(Array.from({ length: 8 }, () => makeFolder(join(dir, `${round}/b/c`))));
  });

  it.skipIf(!existsSync('/proc/self'))(
    'that the system refuses is refused at once, not tried for ever',
    async () => {
      await expect(makeFolder('/proc/x')).rejects.toThrow(/ENOENT/);
      await expect(makeFolder('/proc/x/y/z')).rejects.toThrow(/ENOENT/);
    },
  );

  it('under a file is refused', async () => {
    writeFileSync(join(dir, 'file'), '');
    await expect(makeFolder(join(dir, 'file'))).rejects.toThrow(/EEXIST/);
    await expect(makeFolder(join(dir, 'file/x'))).rejects.toThrow(/ENOTDIR/);
  });
});

it('temporary files of killed writers are removed, those of living ones and other files are not', async () => {
  const folder = join(dir, 'run');
  mkdirSync(join(folder, 'predictions'), { recursive: true });
  // A process that was, and is no more.
  const gone = execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }).trim();
  const names = [`.tmp-${gone}-ab`, `predictions/.tmp-${gone}-cd`, `.tmp-${process.pid}-ef`, 'report.html'];
  for (const name of names) {
    writeFileSync(join(folder, name), 'x');
    utimesSync(join(folder, name), 0, 0);
  }
  writeFileSync(join(folder, `.tmp-${gone}-young`), 'x');
  await removeLeftovers(folder);
  expect(readdirSync(folder).sort()).toEqual(
    [`.tmp-${gone}-young`, `.tmp-${process.pid}-ef`, 'predictions', 'report.html'].sort(),
  );
  expect(readdirSync(join(folder, 'predictions'))).toEqual([]);
});

it('what a process of this machine was writing when it was killed is removed at once', async () => {
  const folder = join(dir, 'killed');
  mkdirSync(folder);
  const durable = new URL('../../dist/store/durable.js', import.meta.url).href;
  const endless = `function* pieces() { for (;;) yield 'x'.repeat(65536); }`;
  const script = `import { writeDurably } from '${durable}'; ${endless} await writeDurably('${folder}/report.html', pieces());`;
  const writer = spawn(process.execPath, ['--input-type=module', '-e', script]);
  await vi.waitFor(() => {
    expect(readdirSync(folder)).toHaveLength(1);
  }, 5000);
  writer.kill('SIGKILL');
  await once(writer, 'exit');
  expect(readdirSync(folder)).toHaveLength(1);
  await removeLeftovers(folder);
  expect(readdirSync(folder)).toEqual([]);
});
