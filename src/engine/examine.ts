import type { BatchFinding } from '../domain/batch-finding.js';
import type { ScoreArray } from '../domain/domain.js';
import type { BatchRunner, Lane } from './batch.js';
import type { Examined } from './messages.js';
import { plainFault, type PreparedImage } from './preparation.js';

/**
 * Tries a model on a few images, in one call and alone, and tells what its scores depend on. Once something can be
 * said it begins no new call after `seconds`.
 */
export async function examine(
  runner: BatchRunner,
  lane: Lane,
  given: readonly PreparedImage[],
  seconds: number,
): Promise<Examined> {
  const { network } = lane;
  const images = given.filter((image) => runner.fits(lane, image));
  if (images.length === 0) return null;
  const company = Array.from({ length: network.rows }, (_, row) => images[row % images.length]!);
  const together = await attempt(() => runner.rawScores({ ...lane, imagesPerCall: network.rows }, company));
  const single: Lane = { ...lane, network: await network.withRows(1), imagesPerCall: 1 };
  try {
    return await compareWith(
      runner,
      single,
      images.slice(0, network.rows),
      together,
      performance.now() + 1000 * seconds,
    );
  } finally {
    await single.network.release();
  }
}

type Attempt<T> = { readonly value: T } | { readonly error: unknown };

async function attempt<T>(action: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await action() };
  } catch (error) {
    return { error };
  }
}

async function compareWith(
  runner: BatchRunner,
  single: Lane,
  images: readonly PreparedImage[],
  together: Attempt<readonly ScoreArray[]>,
  until: number,
): Promise<Examined> {
  const fixed = single.network.facts.fixedBatch !== null;
  let behaviour: BatchFinding['behaviour'] | null = null;
  for (const [row, image] of images.entries()) {
    if (behaviour !== null && performance.now() > until) break;
    const alone = await attempt(() => runner.rawScores(single, [image]));
    if ('error' in together) {
      if ('error' in alone) return { failed: plainFault(alone.error, 'inference-failed') };
      return fixed
        ? null
        : { behaviour: 'one-at-a-time', why: plainFault(together.error, 'inference-failed').what };
    }
    // It takes only the batch that it was tried with, whatever its file says.
    if ('error' in alone) return null;
    const own = together.value[row]!;
    // In a file of fixed batch the image alone fills every row.
    if (alone.value.every((scores) => sameBits(scores, own))) behaviour ??= 'same-bits';
    else if (!(await sameAgain(runner, single, image, alone.value)))
      return { behaviour: 'random', why: null };
    else if (fixed || !(await sameInAnyCompany(runner, single, image, own, together.value.length)))
      return { behaviour: 'other-images', why: null };
    else behaviour = 'own-size';
  }
  return behaviour === null ? null : { behaviour, why: null };
}

/** Whether an image alone gets the scores that it got before. */
async function sameAgain(
  runner: BatchRunner,
  single: Lane,
  image: PreparedImage,
  before: readonly ScoreArray[],
): Promise<boolean> {
  const again = await runner.rawScores(single, [image]);
  return again.every((scores, row) => sameBits(scores, before[row]!));
}

/** Whether an image in a batch of its own copies gets the scores that it got beside other images. */
async function sameInAnyCompany(
  runner: BatchRunner,
  single: Lane,
  image: PreparedImage,
  beside: ScoreArray,
  rows: number,
): Promise<boolean> {
  const network = await single.network.withRows(rows);
  try {
    const copies = await runner.rawScores({ ...single, network, imagesPerCall: 1 }, [image]);
    return copies.every((scores) => sameBits(scores, beside));
  } finally {
    await network.release();
  }
}

function sameBits(a: ScoreArray, b: ScoreArray): boolean {
  return a.length === b.length && a.every((score, i) => Object.is(score, b[i]));
}
