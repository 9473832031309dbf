import { fileURLToPath } from 'node:url';
import type { Context } from '../report/context.js';
import { row, type PartResult } from '../report/part.js';
import { measureIn, runs } from '../run/child.js';
import type { Contests } from './contests.js';

/** A contest with other bytes than ours: OpenCV with Intel's library switched on. */
const withIpp = 'opencv-cubic, IPP';

/** Each framework's resize and crop, and TensorFlow's decode, beside the library that it follows; same bytes. */
export async function frameworks(
  context: Context,
  python: string | null,
  pythonOfTorch: string | null,
  images: number,
): Promise<PartResult | null> {
  const { settings } = context;
  const installed = async (program: string | null, modules: string): Promise<boolean> =>
    program !== null && (await runs(program, ['-c', `import numpy, PIL, ${modules}`]));
  const absent = [
    ...((await installed(python, 'cv2, tensorflow')) ? [] : ['BENCH_PYTHON_FRAMEWORKS (cv2, tensorflow)']),
    ...((await installed(pythonOfTorch, 'torchvision')) ? [] : ['BENCH_PYTHON (torchvision)']),
  ];
  if (absent.length === 2) {
    settings.say(`frameworks: skipped. Set ${absent.join(' and ')}.`);
    return null;
  }
  const source = fileURLToPath(new URL('../../../../bench/frameworks/contests.ts', import.meta.url));
  const words = ['--import', 'tsx', source, settings.images, String(images)];
  const rounds = await context.rounds('frameworks', () =>
    measureIn<Contests>(process.execPath, [...words, python ?? 'none', pythonOfTorch ?? 'none']),
  );
  return {
    title: `Frameworks: resize and crop of ${images} images, one thread`,
    rows: Object.keys(rounds[0]!).flatMap((name) => {
      const times = rounds.map((round) => round[name] ?? null).filter((time) => time !== null);
      if (times.length < rounds.length) return [];
      return [
        row(
          `${name}: imagenet-eval`,
          'ms',
          times.map(({ ownMs }) => ownMs),
          2,
        ),
        row(
          `${name}: its library`,
          'ms',
          times.map(({ peerMs }) => peerMs),
          2,
        ),
        row(
          `${name}: imagenet-eval / its library`,
          'times',
          times.map(({ ownMs, peerMs }) => ownMs / peerMs),
          2,
          name === withIpp ? null : { kind: 'at most', value: 1 },
        ),
      ];
    }),
    notes: [
      `${withIpp}: OpenCV's bytes are others then, by 1 at most.`,
      'tensorflow-fast-dct is the decode. Mean over the images of the best of five calls, each library single-threaded.',
      ...(absent.length === 0 ? [] : [`Skipped for want of ${absent.join(' and ')}.`]),
    ],
  };
}
