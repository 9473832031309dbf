import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { StoreError } from '../../src/domain/errors.js';
import { FolderLock } from '../../src/store/lock.js';
import { scratchFolder } from '../scratch.js';

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

/** Why a folder can't be taken. */
async function refusal(folder: string): Promise<StoreError> {
  const error: unknown = await FolderLock.take(folder).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(StoreError);
  return error as StoreError;
}

/** What this process wrote, as if another had. */
async function lockOf(folder: string, change: Record<string, unknown>): Promise<void> {
  await FolderLock.take(folder);
  const own = JSON.parse(readFileSync(`${folder}/lock`, 'utf8')) as Record<string, unknown>;
  writeFileSync(`${folder}/lock`, JSON.stringify({ ...own, ...change }));
}

test('a folder in use is refused, naming the process; its killed process leaves it free', async () => {
  const folder = scratchFolder();
  const child = await holder(folder);
  expect((await refusal(folder)).message).toContain(`process ${child.pid}`);
  await kill(child);
  const lock = await FolderLock.take(folder);
  await lock.release();
  expect(readdirSync(folder)).toEqual([]);
});

test('of ten that find the lock of a dead process, one gets it', async () => {
  for (let round = 0; round < 20; round++) {
    const folder = scratchFolder();
    await lockOf(folder, { boot: 'before' });
    const locks = await Promise.allSettled(Array.from({ length: 10 }, () => FolderLock.take(folder)));
    expect(locks.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(readdirSync(folder)).toEqual(['lock']);
  }
});

test('the lock of another host is refused by name, with what to do; removed, the folder is free', async () => {
  const folder = scratchFolder();
  await lockOf(folder, { host: 'node-7' });
  const { message, remedy } = await refusal(folder);
  expect(message).toContain(`process ${process.pid} on node-7`);
  expect(remedy).toContain(`remove ${folder}/lock`);
  // What was taken from this process is not given free by it.
  expect(readdirSync(folder)).toEqual(['lock']);
});

test.each([
  ['before the host was started anew', { boot: 'before' }],
  ['by a process whose number another one has now', { began: '1' }],
])('a lock that was left %s is taken over', async (_, change) => {
  const folder = scratchFolder();
  await lockOf(folder, change);
  const lock = await FolderLock.take(folder);
  await expect(FolderLock.take(folder)).rejects.toThrow('writing into this folder');
  await lock.release();
  expect(readdirSync(folder)).toEqual([]);
});

test('half a lock, left by a process killed while writing it, is taken over', async () => {
  const folder = scratchFolder();
  writeFileSync(`${folder}/lock`, '{"pid":1');
  await (await FolderLock.take(folder)).release();
  expect(readdirSync(folder)).toEqual([]);
});
