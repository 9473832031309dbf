import type { Examined } from './messages.js';
import type { EngineOptions } from './options.js';
import type { WorkerPool } from './pool.js';
import { jobImage, type Reading } from './reading.js';

/** Images that models are tried on at a time. */
const TRIAL_IMAGES = 4;
/** Images that are looked at to find some that can be decoded. */
const MOST_IMAGES = 16;
/** Seconds after which the trial is given up. */
const LIMIT_SECONDS = 60;

/** Tries models on the first images of a run, alone and in one batch; by model, null for those not tried or not known. */
export async function tryModels(
  options: EngineOptions,
  models: readonly number[],
  pool: WorkerPool,
  reading: Reading,
): Promise<readonly Examined[]> {
  const { order, signal, onWarning, trialSeconds = LIMIT_SECONDS } = options;
  const limit = AbortSignal.timeout(trialSeconds * 1000);
  let examined: readonly Examined[] = options.models.map(() => null);
  for (let from = 0; from < MOST_IMAGES && examined.every((model) => model === null); from += TRIAL_IMAGES) {
    const read = await Promise.all(
      order.slice(from, from + TRIAL_IMAGES).map((index) => reading.read(index)),
    );
    if (read.length === 0 || signal.aborted || limit.aborted) break;
    const images = read.flatMap(({ index, file }) =>
      'code' in file ? [] : [jobImage(options, index, file, models)],
    );
    if (images.length === 0) continue;
    const found = await pool.examine({ id: 0, describe: false, images }, AbortSignal.any([signal, limit]));
    if (found === null) break;
    examined = found;
  }
  if (limit.aborted && !signal.aborted)
    onWarning(
      `trying the models on the first images took more than ${trialSeconds} s and was given up: whether their scores depend on the batch is not known.`,
    );
  return examined.map((result, model) => (models.includes(model) ? result : null));
}
