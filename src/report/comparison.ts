import { classDrift } from '../metrics/class-drift.js';
import { mostDisagreed } from '../metrics/confusion.js';
import type { ChangeCount } from '../metrics/change.js';
import { sumInterval, type Population } from '../metrics/population.js';
import { mcNemarMidP } from '../metrics/mcnemar.js';
import { compareOutcomes, type PairedOutcome, type PairedTable } from '../metrics/paired.js';
import { tangoInterval } from '../metrics/paired-interval.js';
import { isCorrect } from '../metrics/top-k.js';
import type { LabelledImage } from '../domain/domain.js';
import type { ModelRecord, RunRecord } from '../record/run-record.js';
import type { ComparisonSummary } from './summary-schema.js';

/** The model that `model` is compared with; null if none is named or the run doesn't hold it. */
export function referenceOf(model: ModelRecord, record: RunRecord): ModelRecord | null {
  return record.models.find((other) => other.name === model.compareWith && other !== model) ?? null;
}

/** One model's predictions of a list of samples, under the name that reports call it by. */
export type NamedPredictions = Pick<ModelRecord, 'name' | 'predictions'>;

/** Each image's Top-1 class and whether the label is among the first k, in the samples' order. */
export function outcomes(
  model: Pick<ModelRecord, 'predictions'>,
  { samples }: { readonly samples: readonly LabelledImage[] },
  k: 1 | 5,
): PairedOutcome[] {
  return model.predictions.map(({ classes }, index) => ({
    id: samples[index]!.id,
    top1: classes[0] ?? null,
    correct: isCorrect(classes, samples[index]!.label, k),
  }));
}

/** A model against the one it is compared with, image by image; null if there is none. */
export function compareModels(model: ModelRecord, record: RunRecord): ComparisonSummary | null {
  const reference = referenceOf(model, record);
  return reference === null
    ? null
    : comparePredictions(
        reference,
        model,
        record.samples,
        populationOf(record.dataset, record.samples.length),
      );
}

/** The same for any two lists of predictions of the same samples. */
export function comparePredictions(
  reference: NamedPredictions,
  model: NamedPredictions,
  samples: readonly LabelledImage[],
  population: Population = { images: null, unusable: 0 },
): ComparisonSummary {
  const labels = samples.map((sample) => sample.label);
  const [before, after] = [outcomes(reference, { samples }, 1), outcomes(model, { samples }, 1)];
  const top1 = compareOutcomes(before, after);
  const top5 = compareOutcomes(outcomes(reference, { samples }, 5), outcomes(model, { samples }, 5));
  const drift = classDrift(labels, before, after);
  return {
    with: reference.name,
    images: top1.images,
    top1: pairedFigure(top1.table, top1.images, population),
    top5: pairedFigure(top5.table, top5.images, population),
    flips: { lost: top1.lost.length, gained: top1.gained.length },
    agreement: {
      images: top1.agreeing,
      percent: top1.images === 0 ? null : (100 * top1.agreeing) / top1.images,
    },
    mostDisagreed: mostDisagreed(
      labels,
      before.map((outcome) => outcome.top1),
      after.map((outcome) => outcome.top1),
    ),
    classDrift: {
      falseDiscoveryRate: drift.power.falseDiscoveryRate,
      flagged: drift.flagged,
      worseThanRest: drift.worseThanRest,
      leastOneWayFlips: drift.power.leastOneWayFlips,
      blind: drift.power.blind,
    },
  };
}

/** Metrics count a drop (reference minus candidate); files and reports a difference, where a loss is negative. */
function pairedFigure(table: PairedTable, images: number, population: Population): ComparisonSummary['top1'] {
  const { bothCorrect: a, referenceOnly: b, candidateOnly: c, bothWrong: d } = table;
  const drop = tangoInterval(table);
  return {
    table: { a, b, c, d },
    difference: {
      images: c - b,
      points: images === 0 ? null : (100 * (c - b)) / images,
      tango95: [-100 * drop.upper, -100 * drop.lower],
      whole95: wholeDifference({ images, against: b, inFavour: c }, population),
    },
    mcnemarMidP: mcNemarMidP(b, c),
  };
}

/** Of the difference over a whole data set, in points; null where that was compared, or has no known size. */
function wholeDifference(
  counted: ChangeCount,
  population: Population,
): ComparisonSummary['top1']['difference']['whole95'] {
  const N = population.images;
  if (N === null || counted.images === 0 || counted.images >= N) return null;
  const { lower, upper } = sumInterval(counted, { least: -1, most: 1 }, population, 0.95);
  return [(-100 * upper) / N, (-100 * lower) / N];
}

/**
 * The images of the whole data set, and how many of them were at hand but could not be used. A record of an older report,
 * which does not say how many there are, was of the whole where it names no reason for a part.
 *
 * @param measured images that were
 */
export function populationOf(dataset: RunRecord['dataset'], measured: number): Population {
  const unusable = dataset.badImages.length + dataset.leftOut;
  return {
    images: dataset.population ?? (dataset.subset === null ? measured + dataset.badImages.length : null),
    unusable,
  };
}
