import { compiled, whiches, type Context, type Which } from '../report/context.js';
import { row, type PartResult } from '../report/part.js';
import { limitOf, pairedRatios } from '../report/statistics.js';
import { measureIn } from '../run/child.js';
import { measuredRate, steadyCpuMs, steadyRate } from '../run/whole-run.js';

interface Cost {
  readonly costMs: number;
  readonly cpuMs: number;
}

/** Images that each stage alone is timed on. */
const stageImages = 500;

/** The whole run beside what decoding and the networks alone would allow. */
export async function limit(context: Context, images: number): Promise<PartResult> {
  const { cores } = context.settings;
  const alone = (stage: string, which: Which): Promise<Cost> =>
    measureIn<Cost>(process.execPath, [
      compiled('limit/alone.js'),
      stage,
      String(cores),
      String(stageImages),
      context.settings.images,
      context.config(which),
    ]);
  const rounds = await context.rounds('limit', async () => ({
    decode: await alone('decode', 'float'),
    prepare: await alone('prepare', 'float'),
    floatNetwork: await alone('network', 'float'),
    float: await context.whole('float', images),
    int8Network: await alone('network', 'int8'),
    int8: await context.whole('int8', images),
    both: await context.whole('both', images),
  }));
  const of = <T>(pick: (round: (typeof rounds)[number]) => T): T[] => rounds.map(pick);
  const networks = (round: (typeof rounds)[number], which: Which, clock: keyof Cost = 'costMs'): number[] => [
    ...(which === 'int8' ? [] : [round.floatNetwork[clock]]),
    ...(which === 'float' ? [] : [round.int8Network[clock]]),
  ];
  return {
    title: `Limit: ${cores} cores, ${images} images`,
    rows: [
      row(
        'decode alone',
        'ms of a core',
        of((r) => r.decode.costMs),
        2,
      ),
      row(
        'decode, resize, crop and tensor alone',
        'ms of a core',
        of((r) => r.prepare.costMs),
        2,
      ),
      row(
        'float network alone',
        'ms of a core',
        of((r) => r.floatNetwork.costMs),
        2,
      ),
      row(
        'int8 network alone',
        'ms of a core',
        of((r) => r.int8Network.costMs),
        2,
      ),
      ...whiches.flatMap((which) => {
        const limits = of((r) => limitOf([r.decode.costMs, ...networks(r, which)], cores));
        const pixels = of((r) => limitOf([r.prepare.costMs, ...networks(r, which)], cores));
        const whole = of((r) => measuredRate(r[which]));
        const sums = of((r) =>
          [r.decode.cpuMs, ...networks(r, which, 'cpuMs')].reduce((sum, cost) => sum + cost, 0),
        );
        const steady = of((r) => steadyRate(r[which]));
        return [
          row(`${which}: limit of decode and network`, 'images/s', limits),
          row(`${which}: whole run`, 'images/s', whole),
          row(`${which}: whole run of that limit`, '%', percent(pairedRatios(whole, limits)), 1, {
            kind: 'at least',
            value: 95,
          }),
          row(`${which}: steady, of that limit`, '%', percent(pairedRatios(steady, limits))),
          row(
            `${which}: steady, of the limit with resize and tensor`,
            '%',
            percent(pairedRatios(steady, pixels)),
          ),
          row(
            `${which}: CPU time of decode and network, of the run's`,
            '%',
            percent(
              pairedRatios(
                sums,
                of((r) => steadyCpuMs(r[which])),
              ),
            ),
          ),
        ];
      }),
    ],
    notes: [
      'Limit: cores / (decode + networks), each stage alone on all cores at once. Whole run: workers started to workers gone, journal on disk.',
      'The CPU row is the one to read where other programs were busy meanwhile.',
    ],
  };
}

function percent(ratios: readonly number[]): number[] {
  return ratios.map((ratio) => 100 * ratio);
}
