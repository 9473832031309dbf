import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryFolder } from './examples.js';

const script = fileURLToPath(new URL('resuming.js', import.meta.url));
const IMAGES = 20_000;

/** In a heap that holds no second copy of 200 000 predictions. */
async function run(step: 'write' | 'read', folder: string): Promise<{ known: number; grown: number }> {
  const heap = step === 'read' ? ['--max-old-space-size=32'] : [];
  const args = [...heap, script, step, folder, String(IMAGES)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as { known: number; grown: number };
}

test.skipIf(process.platform !== 'linux')(
  'a run of ten models that goes on, journal and cache in hand, has each prediction in memory once',
  async () => {
    const folder = temporaryFolder();
    await run('write', folder);
    const { known, grown } = await run('read', folder);
    expect(known).toBe(10 * IMAGES);
    // 200 000 rows of 84 bytes, the images' names, and what any process grows by; 2 kB an image more are 40 MB.
    expect(grown).toBeLessThan(90e6);
  },
);
