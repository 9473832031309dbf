import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { scratchFolder } from '../scratch.js';

const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
/** Garbage is collected at once, so that what is resident is what is needed. */
const tidy = ['--max-semi-space-size=1', '--heap-growing-percent=10'];

/** The largest resident memory, in bytes, of a whole run of three models that goes on, journal and cache in hand. */
async function peak(images: number): Promise<number> {
  const folder = `${scratchFolder()}/${images}`;
  const run = promisify(execFile);
  await run(process.execPath, [path('resuming.js'), folder, String(images)]);
  const file = `${folder}/peak`;
  const { stderr } = await run(
    process.execPath,
    [
      ...[...tidy, '--require', path('peak.cjs')],
      ...[path('../../dist/cli/main.js'), 'run', `${folder}/config.yaml`, '--out', `${folder}/out`],
    ],
    { env: { ...process.env, PEAK_FILE: file, IMAGENET_EVAL_CACHE: `${folder}/cache` } },
  );
  expect(stderr).toContain(`${3 * images} of ${3 * images} predictions came from`);
  return Number(readFileSync(file, 'utf8'));
}

test.skipIf(process.platform !== 'linux')(
  'a run that goes on grows by less than two kilobytes an image, its reports included',
  async () => {
    const [few, many] = [4000, 30_000];
    expect((await peak(many)) - (await peak(few))).toBeLessThan(2000 * (many - few));
  },
  300_000,
);
