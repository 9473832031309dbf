import { fileURLToPath } from 'node:url';
import type { Context } from '../report/context.js';
import { row, type PartResult } from '../report/part.js';
import { pairedRatios } from '../report/statistics.js';
import { ChildFailed, measureIn, runs } from '../run/child.js';
import { steadyRate } from '../run/whole-run.js';

interface PeerRun {
  readonly images: number;
  readonly seconds: number;
  readonly imagesPerSecond: number;
  readonly cpuSeconds: number;
  readonly rssBytes: number | null;
}

interface Setting {
  readonly name: string;
  readonly args: readonly string[];
}

/** Images that the settings of the tuned peer are tried on. */
const tuningImages = 500;
/** Images a batch of the peers: the least of these costs them no speed and several times less memory. */
const batches = [16, 64, 256];

/** The product beside a Python evaluator, as it comes and tuned. Null, saying so, where there is no such Python. */
export async function peer(
  context: Context,
  python: string | null,
  images: number,
): Promise<PartResult | null> {
  const { settings } = context;
  const importable = ['-c', 'import numpy, onnxruntime, PIL'];
  if (python === null || !(await runs(python, importable))) {
    settings.say(
      'peer: skipped. Set BENCH_PYTHON to a Python with bench/peer/requirements.txt (and torch, torchvision, timm).',
    );
    return null;
  }
  const script = fileURLToPath(new URL('../../../../bench/peer/evaluate.py', import.meta.url));
  const run = (model: string, { args }: Setting, count: number): Promise<PeerRun> =>
    measureIn<PeerRun>(python, [script, context.dataset(count), model, ...args]);
  const timm: Setting = { name: 'timm', args: ['--loader', 'timm', '--workers', '2', '--batch', '256'] };
  const plain: Setting = {
    name: 'processes, defaults',
    args: ['--workers', String(settings.cores), '--batch', '64'],
  };
  const tuned = await fastest(settings.cores, (setting) => run(settings.float, setting, tuningImages));
  settings.say(`peer: tuned to ${tuned.args.join(' ')}`);
  const timmRuns = await usable(() => run(settings.float, timm, tuningImages));
  const peers = [plain, tuned, ...(timmRuns ? [timm] : [])];

  const rounds = await context.rounds('peer', async () => {
    const theirs = new Map<Setting, { float: PeerRun; int8: PeerRun }>();
    for (const setting of peers) {
      const float = await run(settings.float, setting, images);
      theirs.set(setting, { float, int8: await run(settings.int8, setting, images) });
    }
    return {
      theirs,
      float: await context.whole('float', images),
      int8: await context.whole('int8', images),
      both: await context.whole('both', images),
    };
  });

  const of = (pick: (round: (typeof rounds)[number]) => number): number[] => rounds.map(pick);
  const floats = of((r) => steadyRate(r.float));
  const int8s = of((r) => steadyRate(r.int8));
  const walls = of((r) => r.float.endSeconds);
  const pairs = of((r) => r.both.endSeconds);
  const memory = of((r) => r.float.maxRssBytes / 1e6);
  const rows = [
    row('imagenet-eval, float, steady', 'images/s', floats),
    row('imagenet-eval, int8, steady', 'images/s', int8s),
    row('imagenet-eval, float, process start to end, reports written', 's', walls),
    row('imagenet-eval, both in one run', 's', pairs),
    row('imagenet-eval, most resident memory', 'MB', memory, 0),
    ...peers.flatMap((setting) => {
      const theirs = (pick: (run: PeerRun) => number): number[] =>
        of((r) => pick(r.theirs.get(setting)!.float));
      const theirInt8 = of((r) => r.theirs.get(setting)!.int8.imagesPerSecond);
      const pair = of((r) => r.theirs.get(setting)!.float.seconds + r.theirs.get(setting)!.int8.seconds);
      const { name } = setting;
      const least = (value: number) => ({ kind: 'at least', value }) as const;
      const standard = setting !== tuned;
      return [
        row(`${name}: float, steady`, 'images/s', theirs((r) => r.imagesPerSecond)),
        row(`${name}: float, wall`, 's', theirs((r) => r.seconds)),
        row(`${name}: memory, shared pages once`, 'MB', theirs((r) => (r.rssBytes ?? NaN) / 1e6), 0),
        row(
          `imagenet-eval / ${name}: float, steady`,
          'times',
          pairedRatios(floats, theirs((r) => r.imagesPerSecond)),
          2,
          least(standard ? 1.2 : 1),
        ),
        row(`imagenet-eval / ${name}: int8, steady`, 'times', pairedRatios(int8s, theirInt8), 2, least(standard ? 1.2 : 1)),
        row(
          `imagenet-eval / ${name}: float, wall`,
          'times',
          pairedRatios(theirs((r) => r.seconds), walls),
          2,
          least(standard ? 1.5 : 1),
        ),
        row(`imagenet-eval / ${name}: the pair, wall`, 'times', pairedRatios(pair, pairs), 2, least(standard ? 1.4 : 1)),
        row(
          `imagenet-eval / ${name}: memory`,
          'times',
          pairedRatios(memory, theirs((r) => (r.rssBytes ?? NaN) / 1e6)),
          2,
          standard ? { kind: 'at most', value: 0.34 } : null,
        ),
      ];
    }),
  ];
  return {
    title: `Peer: ${images} images, ${settings.cores} cores`,
    rows,
    notes: [
      `tuned: ${tuned.args.join(' ')}, the fastest of ${batches.join(', ')} images a batch and several worker and thread counts on ${tuningImages} images.`,
      'Targets are those of a CPU on which the network dominates (20 ms an image); where it takes 6 ms they are 1.6 (steady), 2 (pair) and 2 (wall).',
      ...(timmRuns ? [] : ['timm: skipped, this Python has no working timm, torch and torchvision.']),
    ],
  };
}

async function fastest(cores: number, run: (setting: Setting) => Promise<PeerRun>): Promise<Setting> {
  let best: { setting: Setting; rate: number } | null = null;
  for (const workers of [...new Set([1, cores, 2 * cores])]) {
    for (const threads of [...new Set([1, cores])]) {
      for (const batch of batches) {
        const args = ['--workers', workers, '--threads', threads, '--batch', batch].map(String);
        const setting = { name: 'processes, tuned', args };
        const { images, seconds } = await run(setting);
        const rate = images / seconds;
        if (best === null || rate > best.rate) best = { setting, rate };
      }
    }
  }
  return best!.setting;
}

async function usable(run: () => Promise<PeerRun>): Promise<boolean> {
  try {
    await run();
    return true;
  } catch (error) {
    if (error instanceof ChildFailed) return false;
    throw error;
  }
}
