import type { ClassName, LabelledImage, Prediction, Predictions } from '../../domain/domain.js';
import { classNamer, type ClassNamer } from '../../report/class-name.js';
import { count, counted, decimalsFor, percent, score } from '../../report/figures.js';
import type { Finding } from '../../report/gate-schema.js';
import { labelled, tally, type Tally } from '../../metrics/tally.js';

/** Shares of the images from which on a trait of the scores is a finding. */
const FROM_SHARE = { tied: 0.05, saturated: 0.05, oneClass: 0.5 } as const;

/**
 * What in a model's scores explains a loss of accuracy: ties, saturation, NaN, one class for everything. Empty for
 * sound scores. The reference shows what the same images give without the fault.
 */
export function findings(
  samples: readonly LabelledImage[],
  candidate: Predictions,
  reference: Predictions | null,
  classes: readonly ClassName[],
): Finding[] {
  const counts = tally(labelled(samples, candidate), classes.length);
  const before = reference === null ? null : tally(labelled(samples, reference), classes.length);
  return [
    ...tied(counts, before),
    ...saturated(counts, reference),
    ...invalid(counts),
    ...oneClass(samples, candidate, classNamer(classes)),
  ];
}

function tied({ images, top1, ties }: Tally, before: Tally | null): Finding[] {
  if (ties.tiedTop < FROM_SHARE.tied * images || ties.tiedTop === 0) return [];
  const reference = before === null ? '' : ` (the reference: ${count(before.ties.tiedTop)})`;
  return [
    {
      code: 'tied-scores',
      text: `tied top scores on ${share(ties.tiedTop, images)}${reference}, up to ${count(ties.largest ?? 0)} classes at once: which of them wins is an accident of the class order. Whatever broke the ties, between ${count(top1.lowest)} and ${counted(top1.highest, 'image')} would be right`,
    },
  ];
}

function saturated({ images, saturation }: Tally, reference: Predictions | null): Finding[] {
  if (saturation === null) return [];
  const { maximum } = saturation;
  if (maximum.images < 3 || maximum.images < FROM_SHARE.saturated * images) return [];
  const tops = reference?.map(top) ?? [];
  const beyond = tops.filter((best) => best > maximum.score).length;
  const cut =
    reference === null || beyond === 0
      ? ''
      : `. The reference goes beyond it on ${share(beyond, images)}: there the scale of the quantized output is too small for the logits, as after a calibration on the wrong inputs`;
  return [
    {
      code: 'saturated-scores',
      text: `saturated scores: ${share(maximum.images, images)} have the same highest score, ${score(maximum.score)}, which none exceeds${cut}`,
    },
  ];
}

function invalid({ images, invalid: nan }: Tally): Finding[] {
  return nan === 0
    ? []
    : [{ code: 'nan-scores', text: `NaN scores on ${share(nan, images)}; they count as wrong` }];
}

function oneClass(
  samples: readonly LabelledImage[],
  predictions: Predictions,
  nameOf: ClassNamer,
): Finding[] {
  const uses = new Map<number, number>();
  for (const { classes } of predictions) {
    const named = classes[0];
    if (named !== undefined) uses.set(named, (uses.get(named) ?? 0) + 1);
  }
  const [most] = [...uses].sort((a, b) => b[1] - a[1]);
  // Few images, or images of few classes, name one class for good reason.
  const labels = new Set(samples.map(({ label }) => label)).size;
  if (most === undefined || labels < 10 || most[1] < FROM_SHARE.oneClass * samples.length) return [];
  return [
    {
      code: 'one-class',
      text: `${nameOf(most[0])} is named for ${share(most[1], samples.length)}: the network no longer sees its input`,
    },
  ];
}

function top(prediction: Prediction): number {
  return prediction.scores[0] ?? -Infinity;
}

function share(part: number, images: number): string {
  return `${count(part)} of ${counted(images, 'image')} (${percent((100 * part) / Math.max(1, images), decimalsFor(images))})`;
}
