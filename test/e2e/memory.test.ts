import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { endMark, rawEntry } from '../dataset/archive.js';
import { demoConfig, drawings, floatModel, int8Model, labelOf, labelsText, model } from './demo-set.js';
import { projectDir } from './program.js';
import { scratch } from '../scratch.js';

const { dir, file } = scratch();

/** An archive of `count` images, each a drawing with a number behind its end, so that no two have the same bytes. */
function archiveOf(count: number): { images: string; labels: string } {
  const images = join(dir, `${count}.tar`);
  const names = [...drawings.keys()];
  const handle = openSync(images, 'w');
  const labels = new Map<string, number>();
  for (let i = 0; i < count; i++) {
    const source = names[i % names.length]!;
    const name = `copy_${String(i).padStart(8, '0')}.JPEG`;
    labels.set(name, labelOf.get(source)!);
    writeSync(handle, rawEntry({ name }, Buffer.concat([drawings.get(source)!, Buffer.from(String(i))])));
  }
  writeSync(handle, endMark);
  closeSync(handle);
  return {
    images,
    labels: file(
      `${count}.txt`,
      labelsText(labels.keys(), (name) => labels.get(name)!),
    ),
  };
}

/** Resident memory in bytes; null where the process is gone. */
function residentBytes(pid: number): number | null {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) * 1024;
  } catch {
    return null;
  }
}

const COUNT = 3000;
const supported = process.platform === 'linux';

describe.skipIf(!supported)(`memory${supported ? '' : ' (skipped: there is no /proc here)'}`, () => {
  it(`stays flat over ${COUNT} images: within 10 % between 20 % of them and the last`, async () => {
    const models = [model('float', floatModel), model('int8', int8Model, ', compare_with: float')];
    const config = file('memory.yaml', demoConfig({ ...archiveOf(COUNT), models }));
    const main = join(projectDir, 'dist/cli/main.js');
    const out = join(dir, 'out');
    const args = [main, 'run', config, '--out', out, '--no-cache', '--workers', '2'];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const journal = join(out, 'journal.jsonl');
    const samples: { images: number; bytes: number }[] = [];
    const sampler = setInterval(() => {
      const bytes = residentBytes(child.pid!);
      const images = imagesIn(journal);
      if (bytes !== null && images > 0) samples.push({ images, bytes });
    }, 100);
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    clearInterval(sampler);
    expect(code, stderr).toBe(0);
    const within = (from: number, to: number): number =>
      Math.max(
        ...samples.flatMap(({ images, bytes }) =>
          images >= from * COUNT && images <= to * COUNT ? [bytes] : [],
        ),
      );
    // The last images of the run, before the reports are written.
    const [early, late] = [within(0.1, 0.3), within(0.8, 0.99)];
    expect(early).toBeGreaterThan(50e6);
    expect(late).toBeGreaterThan(50e6);
    expect(late / early, JSON.stringify(samples)).toBeLessThan(1.1);
  });
});

/** Images that a run has written into its journal. */
function imagesIn(journal: string): number {
  try {
    return readFileSync(journal, 'utf8').split('\n').length - 2;
  } catch {
    return 0;
  }
}
