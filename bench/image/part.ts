import { fileURLToPath } from 'node:url';
import type { Context } from '../report/context.js';
import { row, type PartResult } from '../report/part.js';
import { pairedRatios } from '../report/statistics.js';
import { measureIn, runs } from '../run/child.js';

interface StageCosts {
  readonly decode: { readonly cpuMs: number };
  readonly resizeAndCrop: { readonly cpuMs: number };
  readonly tensor: { readonly cpuMs: number };
}

/** Decode, resize and tensor beside Pillow and NumPy, on one thread; both give the same bytes. */
export async function image(context: Context, python: string | null): Promise<PartResult | null> {
  const { settings } = context;
  if (python === null || !(await runs(python, ['-c', 'import numpy, PIL']))) {
    settings.say('image: skipped. Set BENCH_PYTHON to a Python with Pillow and numpy.');
    return null;
  }
  const source = (file: string): string =>
    fileURLToPath(new URL(`../../../../bench/image/${file}`, import.meta.url));
  const args = [settings.images, '200', '3'];
  const rounds = await context.rounds('image', async () => ({
    ours: await measureIn<StageCosts>(process.execPath, [
      '--import',
      'tsx',
      source('decode-and-resample.ts'),
      ...args,
    ]),
    theirs: await measureIn<StageCosts>(python, [source('pillow.py'), ...args]),
  }));
  const stages = [
    ['decode', 'decode', 1.33],
    ['resize and crop', 'resizeAndCrop', 1],
    ['tensor', 'tensor', null],
  ] as const;
  return {
    title: 'Decode and resize beside Pillow',
    rows: stages.flatMap(([name, key, target]) => {
      const ours = rounds.map((r) => r.ours[key].cpuMs);
      const theirs = rounds.map((r) => r.theirs[key].cpuMs);
      return [
        row(`${name}: imagenet-eval`, 'ms CPU', ours, 2),
        row(`${name}: Pillow, NumPy`, 'ms CPU', theirs, 2),
        row(
          `${name}: imagenet-eval / Pillow`,
          'times',
          pairedRatios(ours, theirs),
          2,
          target === null ? null : { kind: 'at most', value: target },
        ),
      ];
    }),
    notes: [],
  };
}
