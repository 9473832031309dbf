import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { FolderLock } from '../../src/store/lock.js';
import { readStoredRun } from '../../src/store/stored-run.js';
import { sequenceOf } from '../store/sequence.js';
import { program, projectDir, type Finished } from './program.js';
import { scratch } from '../scratch.js';

const config = join(projectDir, 'configs/demo.yaml');
const main = join(projectDir, 'dist/cli/main.js');
const LIMIT = 120;
const { dir } = scratch();
const whole = join(dir, 'whole');

function args(out: string, ...more: readonly string[]): string[] {
  return ['run', config, '--out', out, '--limit', String(LIMIT), '--workers', '1', '--no-cache', ...more];
}

/** The files that rest on the predictions alone, without times of day and durations. */
function results(folder: string): Record<string, string> {
  const names = readdirSync(join(folder, 'predictions'))
    .filter((name) => name.endsWith('.csv'))
    .map((name) => `predictions/${name}`);
  const all = [...names, 'images.csv', 'classes.csv', 'flips.csv'];
  return Object.fromEntries(all.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

/** A moment of a run: so many bytes of the folder's journal after its start, and so many milliseconds after that. */
interface Moment {
  readonly bytes: number;
  readonly ms: number;
}

function journalBytes(out: string): number {
  return statSync(join(out, 'journal.jsonl'), { throwIfNoEntry: false })?.size ?? 0;
}

/** Kills the program at a moment, however fast the machine is, unless it ends well before. */
async function killedAt(out: string, { bytes, ms }: Moment): Promise<'ended' | 'killed'> {
  const target = journalBytes(out) + bytes;
  const child = spawn(process.execPath, [main, ...args(out)], { stdio: ['ignore', 'ignore', 'pipe'] });
  let told = '';
  child.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
  const exit = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  while (child.exitCode === null && journalBytes(out) < target) await pause(1);
  await pause(ms);
  child.kill('SIGKILL');
  const [code, by] = await exit;
  if (by === null) expect(code, told).toBe(0);
  return by === null ? 'ended' : 'killed';
}

async function done(out: string): Promise<number> {
  try {
    return (await readStoredRun(out)).images.length;
  } catch {
    return 0;
  }
}

beforeAll(async () => {
  const { code, stderr } = await program(args(whole));
  expect(code, stderr).toBe(0);
});

/** `KILLS=500 npx vitest run test/e2e/resume.test.ts` tries more moments. */
const KILLS = Number(process.env['KILLS'] ?? 20);

it(`a run killed with SIGKILL at ${KILLS} random moments goes on each time and gives the bytes of an uninterrupted one`, async () => {
  const random = sequenceOf('moments of death');
  const size = journalBytes(whole);
  /** A few in the start, before there is anything; most within the work; some after it, while reports are written. */
  const moment = (): Moment => {
    const kind = random();
    if (kind < 0.2) return { bytes: 0, ms: 800 * random() };
    return { bytes: 1 + Math.floor((size / 2) * random()), ms: kind < 0.8 ? 5 * random() : 200 * random() };
  };
  let kills = 0;
  const resumed: number[] = [];
  const chain = async (name: string): Promise<void> => {
    for (let round = 0; kills < KILLS; round++) {
      const out = join(dir, `${name}${round}`);
      let before = 0;
      for (;;) {
        if ((await killedAt(out, moment())) === 'ended') break;
        kills++;
        const now = await done(out);
        expect(now).toBeGreaterThanOrEqual(before);
        if (now > 0 && now < LIMIT) resumed.push(now);
        before = now;
      }
      expect(results(out)).toEqual(results(whole));
    }
  };
  await Promise.all([chain('a'), chain('b')]);
  expect(kills).toBeGreaterThanOrEqual(KILLS);
  // The moments hit the middle of the work, not only its edges.
  expect(resumed.length).toBeGreaterThan(KILLS / 3);
});

it('a run stopped with Ctrl-C says so, goes on, and gives the same bytes', async () => {
  const out = join(dir, 'ctrl-c');
  const child = spawn(process.execPath, [main, ...args(out)]);
  const told: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => told.push(chunk.toString()));
  const exit = once(child, 'exit');
  while ((await done(out)) < 4) await pause(5);
  child.kill('SIGINT');
  expect((await exit)[0]).toBe(130);
  expect(told.join('')).toContain('Stopp');
  const kept = await done(out);
  expect(kept).toBeLessThan(LIMIT);
  const { code, stdout, stderr } = await program(args(out));
  expect(code).toBe(0);
  expect(stdout + stderr).toContain(`${kept * 2} of ${LIMIT * 2} predictions`);
  expect(results(out)).toEqual(results(whole));
});

it('other settings than those of an unfinished run are refused by name, and nothing is changed', async () => {
  const out = join(dir, 'settings');
  cpSync(whole, out, { recursive: true });
  rmSync(join(out, 'finished.json'));
  const before = readFileSync(join(out, 'journal.jsonl'));
  const other = join(dir, 'other.yaml');
  writeFileSync(
    other,
    `${readFileSync(config, 'utf8').replaceAll('demo/images.tar', join(projectDir, 'demo/images.tar'))}ties: highest-index\n`,
  );
  const again = (...more: string[]): Promise<Finished> =>
    program(['run', other, '--out', out, '--no-cache', '--workers', '1', ...more]);
  const refused = await again('--limit', '100');
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('ties: lowest-index -> highest-index');
  expect(refused.stderr).toContain('images in the list: 120 -> 100');
  expect(refused.stderr).toMatch(/--out.*--fresh/);
  expect(readFileSync(join(out, 'journal.jsonl'))).toEqual(before);
  expect((await again('--limit', '100', '--fresh')).code).not.toBe(2);
});

it('a run into a folder that another is writing into is refused', async () => {
  const out = join(dir, 'in-use');
  mkdirSync(out);
  const lock = await FolderLock.take(out);
  const { code, stderr } = await program(args(out));
  expect(code).toBe(2);
  expect(stderr).toContain(`process ${process.pid}`);
  expect(readdirSync(out)).toEqual(['lock']);
  await lock.release();
  expect((await program(args(out))).code).toBe(0);
});

describe('a worker thread that dies', () => {
  const preload = `--require=${fileURLToPath(new URL('dying-worker.cjs', import.meta.url))}`;

  it('once loses no image', async () => {
    const out = join(dir, 'died-once');
    const env = { NODE_OPTIONS: preload, DIE_AT: '28', DIE_MARK: join(dir, 'died') };
    const { code, stderr, stdout } = await program(args(out), { env });
    expect(stdout + stderr).toContain('worker 1 died');
    expect(code, stderr).toBe(0);
    expect(results(out)).toEqual(results(whole));
  });

  it('twice on one image has that image named, and the rest is finished', async () => {
    const out = join(dir, 'died-twice');
    const { code, stderr } = await program(args(out), { env: { NODE_OPTIONS: preload, DIE_AT: '28' } });
    const culprit = readFileSync(join(whole, 'images.csv'), 'utf8').split('\n')[29]!.split(',')[0]!;
    expect(code).toBe(2);
    expect(stderr).toContain(culprit);
    expect(await done(out)).toBe(LIMIT - 1);
    // The same command does not let it kill workers again, and says how it is tried again.
    const again = await program(args(out), { env: { NODE_OPTIONS: preload, DIE_AT: '28' } });
    expect(again.code).toBe(2);
    expect(again.stderr + again.stdout).not.toMatch(/worker \d died/);
    expect(again.stderr + again.stdout).toContain('not tried again');
  });
});

describe('a disk that fills up', () => {
  const disk = join(dir, 'disk');
  const mount = (...options: readonly string[]): boolean => {
    mkdirSync(disk, { recursive: true });
    return spawnSync('mount', ['-t', 'tmpfs', ...options, 'tmpfs', disk], { stdio: 'ignore' }).status === 0;
  };
  const unmount = (): void => void spawnSync('umount', ['-l', disk]);
  const permitted = process.platform === 'linux' && mount('-o', 'size=32k');
  if (permitted) unmount();
  afterAll(unmount);

  it.skipIf(!permitted)(
    `ends the run with advice, and with more space it goes on${permitted ? '' : ' (skipped: mounting a tmpfs is not permitted)'}`,
    async () => {
      expect(mount('-o', 'size=32k')).toBe(true);
      const out = join(disk, 'out');
      const full = await program(args(out));
      expect(full.code).toBe(2);
      expect(full.stderr).toContain('the disk is full');
      expect(full.stderr).toContain('it goes on from here');
      const kept = await done(out);
      expect(kept).toBeGreaterThan(0);
      expect(kept).toBeLessThan(LIMIT);

      // Enough for the journal, too little for the reports.
      expect(mount('-o', 'remount,size=128k')).toBe(true);
      const fuller = await program(args(out));
      expect(fuller.code).toBe(2);
      expect(fuller.stderr).toContain('the disk is full');
      expect(await done(out)).toBe(LIMIT);

      expect(mount('-o', 'remount,size=64m')).toBe(true);
      const { code, stdout, stderr } = await program(args(out));
      expect(code, stderr).toBe(0);
      expect(stdout + stderr).toContain(`${LIMIT * 2} of ${LIMIT * 2} predictions`);
      expect(results(out)).toEqual(results(whole));
    },
  );
});
