import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, expect, it } from 'vitest';

import { demoConfig, floatModel, model } from './demo-set.js';
import { expectNoStack, program, projectDir } from './program.js';
import { scratch } from '../scratch.js';

const { dir, file } = scratch();
const images = join(projectDir, 'demo/images.tar');
const labels = join(projectDir, 'demo/val.txt');
/** Of 12 288 bytes a drawing some 80 fit. */
const disk = join(dir, 'disk');
const mounted = process.platform === 'linux' && process.getuid?.() === 0 && mount();

function mount(): boolean {
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

afterAll(() => {
  if (mounted) execFileSync('umount', [disk]);
});

const config = (name: string, more: string): string =>
  file(name, demoConfig({ images, labels, models: [model('float', floatModel)], more }));

/** What `verify` says of the folder. */
async function kept(path: string): Promise<number> {
  const { stdout } = await program(['verify', path]);
  return Number(/prepared .*: (\d+) images/.exec(stdout)?.[1]);
}

it.runIf(mounted)(
  'a disk that fills up ends `prepare` with the reason, and what was made stays usable',
  async () => {
    const out = join(disk, 'made');
    const path = config('made.yaml', `engine: { prepared: ${JSON.stringify(out)} }`);
    const ended = await program(['prepare', path, '--out', out]);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/not all images could be kept: .*(ENOSPC|full)/);
    expectNoStack(ended);
    expect(await kept(path)).toBeGreaterThan(50);
    execFileSync('rm', ['-r', out]);
  },
);

it.runIf(mounted)(
  'a disk that fills up is told by a run, which goes on, and what was kept is used',
  async () => {
    const out = join(disk, 'filled');
    const path = config('filled.yaml', `engine: { prepared: ${JSON.stringify(out)} }`);
    const run = (name: string) =>
      program(['run', path, '--out', join(dir, name), '--no-cache', '--no-guard', '--limit', '160']);
    const first = await run('first');
    expect(first.code, first.stderr).toBe(0);
    expect(first.stderr).toMatch(
      /no more prepared images are kept in .*(ENOSPC|full).* The run goes on without/,
    );
    expect(await kept(path)).toBeGreaterThan(40);
    expect((await run('second')).code).toBe(0);
    expect(readdirSync(join(out, geometryOf(out))).filter((name) => name.endsWith('.partial'))).toEqual([]);
  },
);

function geometryOf(out: string): string {
  return readdirSync(out, { withFileTypes: true }).find((entry) => entry.isDirectory())!.name;
}
