import { join } from 'node:path';
import { compiled, whiches, type Context, type Which } from '../report/context.js';
import { row, type PartResult } from '../report/part.js';
import { limitOf, pairedRatios } from '../report/statistics.js';
import { measureIn } from '../run/child.js';
import { rateBetween, type WholeRun } from '../run/whole-run.js';

/** Images that the networks alone are timed on. */
const stageImages = 400;
/** Images of a run before it is warm, and at its end where workers run out of work. */
const WARM = 150;
const END = 50;

function warmRate(run: WholeRun): number {
  return rateBetween(run, WARM, run.images - END);
}

/** A second run, on images that the first one prepared, beside the run from JPEGs and beside the networks alone. */
export async function prepared(context: Context, images: number): Promise<PartResult> {
  const { cores } = context.settings;
  const kept = { PREPARED: join(context.scratch, 'prepared') };
  const alone = async (which: Which): Promise<number> => {
    const args = [compiled('limit/alone.js'), 'network', String(cores), String(stageImages)];
    const given = [...args, context.settings.images, context.config(which)];
    return (await measureIn<{ costMs: number }>(process.execPath, given)).costMs;
  };
  context.settings.say('prepared: the run that fills the folder');
  await context.whole('float', images, cores, [], kept);
  const rounds = await context.rounds('prepared', async () => {
    const float = await alone('float');
    const int8 = await alone('int8');
    const runs = [];
    for (const which of whiches) {
      const costs = [...(which === 'int8' ? [] : [float]), ...(which === 'float' ? [] : [int8])];
      const jpeg = warmRate(await context.whole(which, images));
      const second = warmRate(await context.whole(which, images, cores, [], kept));
      runs.push({ which, limit: limitOf(costs, cores), jpeg, second });
    }
    return runs;
  });
  const of = (which: Which, pick: 'limit' | 'jpeg' | 'second'): number[] =>
    rounds.map((runs) => runs.find((run) => run.which === which)![pick]);
  return {
    title: `Prepared images: ${cores} cores, ${images} images`,
    rows: whiches.flatMap((which) => [
      row(`${which}: images/s from JPEGs`, '1/s', of(which, 'jpeg'), 1),
      row(`${which}: images/s of the second run`, '1/s', of(which, 'second'), 1),
      row(
        `${which}: second run, of what the network alone allows`,
        '%',
        pairedRatios(of(which, 'second'), of(which, 'limit')).map((x) => 100 * x),
        1,
        { kind: 'at least', value: 97 },
      ),
      row(
        `${which}: second run to the run from JPEGs`,
        'times',
        pairedRatios(of(which, 'second'), of(which, 'jpeg')),
        2,
        { kind: 'at least', value: 1.3 },
      ),
    ]),
    notes: ['Once warm. The image files are read and hashed in the second run too: `engine.prepared`.'],
  };
}
