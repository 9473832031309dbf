import type { Context } from '../report/context.js';
import { row, type PartResult } from '../report/part.js';
import { runs } from '../run/child.js';
import { rateBetween, residentAt, steadyRate } from '../run/whole-run.js';
import { pairedRatios } from '../report/statistics.js';

/** Images of the runs that compare worker counts and one run with two. */
const shortImages = 1500;

/** How speed and memory hold as images and workers grow, and what a second model costs. */
export async function growth(context: Context, images: number): Promise<PartResult> {
  const { cores, say } = context.settings;
  const binds = process.platform === 'linux' && (await runs('taskset', ['-c', '0', 'true']));
  const rounds = await context.rounds('growth', async () => ({
    one: await context.whole('float', shortImages, 1, binds ? ['taskset', '-c', '0'] : []),
    all: await context.whole('float', shortImages),
    int8: await context.whole('int8', shortImages),
    both: await context.whole('both', shortImages),
  }));
  say(`growth: one run of ${images} images`);
  const long = await context.whole('float', images);
  const early = Math.min(2000, images / 5);
  const of = (pick: (round: (typeof rounds)[number]) => number): number[] => rounds.map(pick);
  const saved = of((r) => ((r.all.cpuSeconds + r.int8.cpuSeconds - r.both.cpuSeconds) / shortImages) * 1000);
  return {
    title: `Growth: ${images} images, 1 to ${cores} workers`,
    rows: [
      row(
        `images/s of the last fifth of ${images} to those of the second`,
        '%',
        [(100 * rateBetween(long, images * 0.8, images)) / rateBetween(long, images * 0.2, images * 0.4)],
        1,
        { kind: 'at least', value: 95 },
      ),
      row(
        `resident memory after ${Math.min(20_000, images)} images to that after ${early}`,
        'times',
        [residentAt(long, Math.min(20_000, images)) / residentAt(long, early)],
        2,
        { kind: 'at most', value: 1.1 },
      ),
      row('most resident memory of that run', 'MB', [long.maxRssBytes / 1e6], 0),
      row(
        `efficiency of ${cores} workers${binds ? ' (one worker bound to one core)' : ''}`,
        '%',
        pairedRatios(
          of((r) => steadyRate(r.all)),
          of((r) => steadyRate(r.one)),
        ).map((x) => (100 * x) / cores),
        1,
        { kind: 'at least', value: 90 },
      ),
      row(
        'process start to first image, one model',
        's',
        of((r) => r.all.firstImageSeconds),
        2,
        {
          kind: 'at most',
          value: 1,
        },
      ),
      row(
        'process start to first image, both',
        's',
        of((r) => r.both.firstImageSeconds),
        2,
      ),
      row('CPU saved by one run of both models to two runs', 'ms/image', saved, 2),
    ],
    notes: [
      'Compare the saving with "decode, resize, crop and tensor alone" of the limit: it also holds a start-up.',
    ],
  };
}
