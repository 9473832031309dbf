import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { demoConfig, model, floatModel } from './demo-set.js';
import { expectNoStack, program, projectDir, type Finished } from './program.js';
import { scratch } from '../scratch.js';

const { dir, file } = scratch();
const main = join(projectDir, 'dist/cli/main.js');
const network = (name: string): string => join(projectDir, `test/fixtures/networks/${name}.onnx`);

function config(name: string, models: readonly string[], more = 'on_bad_image: skip'): string {
  const images = join(projectDir, 'demo/images.tar');
  return file(name, demoConfig({ images, labels: join(projectDir, 'demo/val.txt'), models, more }));
}

it('a model that fails ends a run with 2, also under `on_bad_image: skip`, and the other has its figure', async () => {
  const path = config('two.yaml', [model('float', floatModel), model('odd', network('always-fails'))]);
  const run = await program(['run', path, '--out', join(dir, 'two'), '--limit', '40', '--no-cache']);
  expect(run.code).toBe(2);
  expect(run.stdout).toContain('(33 of 40)');
  expect(run.stdout).toMatch(/BAD INPUT: odd: model "odd" fails/);
  expectNoStack(run);
});

it('a run without a single measured image never passes', async () => {
  const path = config('none.yaml', [model('odd', network('always-fails'))]);
  const run = await program(['run', path, '--out', join(dir, 'none'), '--limit', '40', '--no-cache']);
  expect(run.code).toBe(2);
  expect(run.stdout).toBe('');
});

it('a batch that no machine has memory for is refused where it is given', async () => {
  const path = config('batch.yaml', [model('float', floatModel)]);
  const run = await program(['run', path, '--out', join(dir, 'batch'), '--batch', '100000']);
  expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining('from 1 to 256') });
});

it('predictions that depend on the batch are neither cached nor resumed, and the finding survives both', async () => {
  const path = config('dynamic.yaml', [model('odd', network('batch-maximum'))]);
  const env = { IMAGENET_EVAL_CACHE: join(dir, 'cache') };
  const run = (out: string, ...more: string[]): Promise<Finished> =>
    program(['run', path, '--out', join(dir, out), '--limit', '40', '--no-guard', ...more], { env });
  const first = await run('first');
  const again = await run('again');
  for (const { stderr } of [first, again]) expect(stderr).toContain('so images are run one at a time');
  expect(again.stderr).toContain('40 of 40 predictions came from the cache');
  expect(again.stdout.split('\nReport:')[0]).toBe(first.stdout.split('\nReport:')[0]);
  const batched = await run('batched', '--batch', '4');
  expect(batched.stderr).toContain('neither cached nor resumed');
  expect((await run('batched', '--batch', '4')).stderr).not.toContain('predictions came from');
  expect(await run('shard', '--batch', '4', '--shard', '1/2')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('not-mergeable'),
  });
});

/** Runs the program on the demo with `stdout` redirected by a shell. */
function redirected(command: string): Promise<Finished> {
  return new Promise((resolve) => {
    const child = spawn('bash', ['-c', command], { cwd: projectDir });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('close', (code) => {
      resolve({ code, stdout: '', stderr });
    });
  });
}

it('a reader that goes away or a full standard output is no verdict', async () => {
  const gone = await redirected(`${process.execPath} ${main} recipes | true; exit "\${PIPESTATUS[0]}"`);
  expect(gone).toMatchObject({ code: 0, stderr: '' });
  const full = await redirected(`${process.execPath} ${main} recipes > /dev/full`);
  expect(full.code).toBe(2);
  expect(full.stderr).toMatch(/^error \[output-lost\] standard output can't be written: .*ENOSPC/);
  expectNoStack(full);
});

it('a second Ctrl-C ends the process at once, as a shell expects it', async () => {
  const path = config('long.yaml', [model('float', floatModel)]);
  const child = spawn(process.execPath, [main, 'run', path, '--out', join(dir, 'long'), '--no-cache'], {
    env: { ...process.env, IMAGENET_EVAL_CACHE: '/nonexistent/never-used' },
  });
  let stderr = '';
  const ended = new Promise((resolve) => {
    child.on('close', (code, signal) => {
      resolve([code, signal]);
    });
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    if (/^tensor/m.test(stderr)) child.kill('SIGINT');
    if (stderr.includes('once more')) child.kill('SIGINT');
  });
  expect(await ended).toEqual([null, 'SIGINT']);
});

it('Ctrl-C ends `verify` while it hashes an archive, and says so', async () => {
  // Sparse, so that it takes no disk; hashing it would take minutes.
  const size = 64 * 2 ** 30;
  const images = file('large.tar', readFileSync(join(projectDir, 'demo/images.tar')));
  truncateSync(images, size);
  const manifest = [
    ...['kind: dataset', 'version: 1', 'name: large', 'images: 400', 'classes: 20'],
    `archive: { name: large.tar, bytes: ${size}, sha256: ${'a'.repeat(64)} }`,
    `labels: ${join(projectDir, 'demo/val.txt')}`,
    `synsets: ${join(projectDir, 'demo/synset_words.txt')}`,
    'source: made by a test',
  ].join('\n');
  const path = file('large.yaml', demoConfig({ images, labels: file('large.set.yaml', `${manifest}\n`) }));
  const child = spawn(process.execPath, [main, 'verify', path]);
  let said = '';
  const ended = once(child, 'close');
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stdout.once('data', () => setTimeout(() => child.kill('SIGINT'), 200));
  expect(await ended, said).toEqual([130, null]);
  expect(said).toMatch(/Stopping.*\nStopped\./);
});
