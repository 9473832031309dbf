import type { Predictions, Sha256 } from '../domain/domain.js';
import { calibration } from '../metrics/calibration.js';
import { wilsonInterval } from '../metrics/interval.js';
import { reproductionVerdict, type ReproductionInput } from '../metrics/reproduction.js';
import { wholeEstimate } from '../metrics/estimate.js';
import { labelled, tally, type Tally } from '../metrics/tally.js';
import { isCorrect } from '../metrics/top-k.js';
import { compareModels, populationOf } from './comparison.js';
import { documentedTop1, type DocumentedFigure } from '../record/documented-figure.js';
import type { ModelRecord, RunRecord } from '../record/run-record.js';
import type { GateReport } from './gate-schema.js';
import { confidence, scoreKind } from './scores.js';
import { slugs } from './slug.js';
import {
  SUMMARY_FORMAT,
  SUMMARY_VERSION,
  type Accuracy,
  type ModelSummary,
  type Summary,
  type Verdict,
} from './summary-schema.js';

/** Decides the gates of a finished run. */
export type Judge = (record: RunRecord, summary: Summary) => GateReport;

/**
 * Counts a finished run. Every figure that a report shows is here or follows from the predictions; verdicts are
 * those of `metrics/reproduction`.
 *
 * @param judge decides the config's gates; null where it has none, or they are left open
 * @throws RangeError if predictions or ReaL labels are not aligned with the samples, or a label is no class
 */
export function summarize(record: RunRecord, judge: Judge | null = null): Summary {
  const slugOf = slugs(record.models.map((model) => model.name));
  const { samples, dataset, run } = record;
  requireAligned('ReaL labels', record.realLabels ?? samples, samples.length);
  const counted: Summary = {
    format: SUMMARY_FORMAT,
    version: SUMMARY_VERSION,
    tool: record.tool,
    run: { ...run, imagesPerSecond: run.seconds > 0 ? samples.length / run.seconds : null },
    dataset: { ...dataset, images: samples.length },
    machine: record.machine,
    models: record.models.map((model, index) => summarizeModel(model, slugOf[index]!, record)),
    gates: null,
  };
  return judge === null ? counted : { ...counted, gates: judge(record, counted) };
}

function summarizeModel(model: ModelRecord, slug: string, record: RunRecord): ModelSummary {
  requireAligned(`predictions of ${model.name}`, model.predictions, record.samples.length);
  const counts = tally(labelled(record.samples, model.predictions), record.dataset.classes.length);
  const { predictions, tolerance, ...facts } = model;
  return {
    ...facts,
    slug,
    images: counts.images,
    top1: accuracy(counts.top1.correct, counts.images),
    top5: accuracy(counts.top5.correct, counts.images),
    real: realAccuracy(predictions, record.realLabels),
    whole: wholeOf(counts, record),
    verdict: verdictOf(model, counts, record),
    ties: {
      rule: record.run.ties,
      images: counts.ties.tiedTop,
      top1: { lowest: counts.top1.lowest, highest: counts.top1.highest },
      top5: { lowest: counts.top5.lowest, highest: counts.top5.highest },
      canChangeTop1: counts.ties.canChangeTop1,
      canChangeTop5: counts.ties.canChangeTop5,
      largest: counts.ties.largest,
    },
    invalid: counts.invalid,
    saturation: counts.saturation,
    calibration: calibrationOf(model, record),
    comparison: compareModels(model, record),
    perClass: {
      images: counts.perClass.map((entry) => entry.images),
      top1: counts.perClass.map((entry) => entry.top1),
      top5: counts.perClass.map((entry) => entry.top5),
    },
    predictions: `predictions/${slug}.csv`,
  };
}

function accuracy(correct: number, images: number): Accuracy {
  const { lower, upper } = wilsonInterval(correct, images);
  return {
    correct,
    percent: images === 0 ? null : (100 * correct) / images,
    wilson95: [100 * lower, 100 * upper],
  };
}

function wholeOf({ perClass }: Tally, { dataset, samples }: RunRecord): ModelSummary['whole'] {
  const estimate = wholeEstimate(
    perClass.map(({ images, top1 }) => ({ images, correct: top1 })),
    populationOf(dataset, samples.length),
    dataset.drawnByClass,
  );
  if (estimate === null) return null;
  const { images, share, interval, method } = estimate;
  return { images, percent: 100 * share, interval95: [100 * interval.lower, 100 * interval.upper], method };
}

function verdictOf(model: ModelRecord, counts: Tally, { dataset, samples }: RunRecord): Verdict {
  const { documented, tolerance } = model;
  const unusable = dataset.badImages.length + dataset.leftOut;
  const verdict = reproductionVerdict({
    correct: counts.top1.correct,
    images: counts.images,
    unusable,
    documented: documentedTop1(documented),
    tolerancePoints: tolerance,
    ...comparability(documented, model.sha256, dataset, samples.length + unusable),
  });
  if (verdict.status === 'none')
    return {
      outcome: 'none',
      reason: verdict.reason,
      grade: null,
      rule: verdict.rule,
      difference: null,
      tolerance,
    };
  const outcome = { reproduced: 'pass', above: 'above', below: 'fail' } as const;
  return {
    outcome: outcome[verdict.status],
    reason: null,
    grade: verdict.grade,
    rule: verdict.rule,
    difference: verdict.differencePoints,
    tolerance,
  };
}

/**
 * Whether a documented figure is about this file and these images. One given in the config beside a path may state no
 * hash or data set: the user says that it belongs here.
 */
export function comparability(
  documented: DocumentedFigure | null,
  sha256: Sha256,
  dataset: Pick<RunRecord['dataset'], 'manifest' | 'population' | 'subset'>,
  /** Images of the run, unusable ones included. */
  images: number,
): Pick<ReproductionInput, 'sameModel' | 'sameDataSet' | 'wholeDataSet'> {
  const documentedImages = documented?.images ?? images;
  const population = dataset.population ?? (dataset.subset === null ? images : null);
  return {
    sameModel: (documented?.sha256 ?? sha256) === sha256,
    sameDataSet: (documented?.dataset ?? dataset.manifest) === dataset.manifest && images <= documentedImages,
    wholeDataSet: images === population && images === documentedImages,
  };
}

function realAccuracy(predictions: Predictions, accepted: RunRecord['realLabels']): ModelSummary['real'] {
  if (accepted === null) return null;
  let images = 0;
  let correct = 0;
  for (const [index, classes] of accepted.entries()) {
    if (classes.length === 0) continue;
    images++;
    const top = predictions.at(index)!.classes[0];
    if (top !== undefined && classes.includes(top)) correct++;
  }
  return { images, withoutLabel: predictions.length - images, top1: accuracy(correct, images) };
}

function calibrationOf(model: ModelRecord, { samples }: RunRecord): ModelSummary['calibration'] {
  const scores = scoreKind(model);
  if (scores === 'quantized')
    return {
      scores,
      expectedCalibrationError: null,
      errorByChance: null,
      brierScore: null,
      negativeLogLikelihood: null,
      reason: 'the scores are quantized integers: they have no confidence without their scale',
      images: 0,
      bins: [],
    };
  const found = calibration(
    model.predictions.map((prediction) => confidence(prediction, scores)),
    model.predictions.map(({ classes }, index) => isCorrect(classes, samples[index]!.label, 1)),
  );
  return {
    scores,
    expectedCalibrationError: found.expectedCalibrationError,
    errorByChance: found.errorByChance,
    brierScore: found.brierScore,
    negativeLogLikelihood: found.negativeLogLikelihood,
    reason: found.expectedCalibrationError === null ? 'no image has a confidence' : null,
    images: found.images,
    bins: found.bins,
  };
}

function requireAligned(what: string, list: { readonly length: number }, images: number): void {
  if (list.length !== images)
    throw new RangeError(`Expected ${what} for ${images} images but received ${list.length}`);
}
