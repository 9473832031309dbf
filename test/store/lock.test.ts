import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { StoreError } from '../../src/domain/errors.js';
import { FolderLock } from '../../src/store/lock.js';
import { temporaryFolder } from './examples.js';

const quick = { beatMs: 50, stillMs: 400 };

async function holder(folder: string): Promise<ChildProcess> {
  const program = fileURLToPath(new URL('holder.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', program, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

test('a folder in use is refused, naming the process; its killed process leaves it free', async () => {
  const folder = temporaryFolder();
  const child = await holder(folder);
  const error: unknown = await FolderLock.take(folder, quick).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(StoreError);
  expect(String(error)).toContain(`process ${child.pid}`);
  await kill(child);
  const lock = await FolderLock.take(folder, quick);
  await lock.release();
  expect(readdirSync(folder)).toEqual([]);
});

test('of ten that find the lock of a dead process, one gets it', async () => {
  const folder = temporaryFolder();
  await kill(await holder(folder));
  const locks = await Promise.allSettled(Array.from({ length: 10 }, () => FolderLock.take(folder, quick)));
  expect(locks.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

/** What the holder wrote, as if another machine had. */
function moveElsewhere(folder: string): void {
  const text = readFileSync(`${folder}/lock`, 'utf8');
  writeFileSync(`${folder}/lock`, text.replace(/"scope":"[^"]*"/, '"scope":"another machine"'));
}

test('the lock of another machine is respected while it beats, and taken over once it is still', async () => {
  const folder = temporaryFolder();
  const lock = await FolderLock.take(folder, { beatMs: 1e6, stillMs: 1 });
  moveElsewhere(folder);
  const beat = setInterval(() => {
    utimesSync(`${folder}/lock`, new Date(), new Date());
  }, 50);
  await expect(FolderLock.take(folder, quick)).rejects.toThrow('writing into this folder');
  clearInterval(beat);
  const second = await FolderLock.take(folder, quick);
  await second.release();
  await lock.release();
});

test('a process whose lock was taken over learns of it', async () => {
  const folder = temporaryFolder();
  const sleeper = await FolderLock.take(folder, quick);
  writeFileSync(`${folder}/lock`, '{}');
  await expect.poll(() => sleeper.lost).toBe(true);
});

test('half a lock, left by a process killed while writing it, is taken over', async () => {
  const folder = temporaryFolder();
  writeFileSync(`${folder}/lock`, '{"token":"a');
  await (await FolderLock.take(folder, quick)).release();
});
