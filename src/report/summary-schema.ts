import * as z from 'zod';
import { tieRules } from '../domain/domain.js';
import { gateReportSchema } from './gate-schema.js';
import { datasetFacts, machineFacts, modelProvenance, runFacts, toolFacts } from '../record/provenance.js';
import { countOf, double } from '../domain/values.js';

/**
 * The shape of summary.json. Programs may rely on it: within a version, fields are added and never renamed, moved or
 * given another meaning. Counts are integers; `percent` and intervals are the unrounded doubles that follow from
 * them, in percent or points of 100. What is absent is null, with the reason beside it.
 */

export const SUMMARY_FORMAT = 'onnx-imagenet-eval/summary';
export const SUMMARY_VERSION = 1;

const interval = z.tuple([z.number(), z.number()]).readonly();

const accuracy = z.object({
  correct: countOf,
  percent: z.number().nullable().describe('100 * correct / images; null without images.'),
  wilson95: interval.describe("Wilson's 95 % interval in percent."),
});

const bounds = z.object({ lowest: countOf, highest: countOf });

const ties = z
  .object({
    rule: z.enum(tieRules),
    images: countOf.describe('Images whose highest score is shared by two classes or more.'),
    top1: bounds.describe('The least and most correct images that any way to break ties could give.'),
    top5: bounds,
    canChangeTop1: countOf,
    canChangeTop5: countOf,
    largest: countOf.nullable().describe("The most classes that share one image's highest score."),
  })
  .describe('How equal scores could move the figures.');

const verdict = z
  .object({
    outcome: z
      .enum(['pass', 'fail', 'above', 'none'])
      .describe('pass: within the tolerance; fail: below it; above: better than it; none: not comparable.'),
    reason: z
      .enum(['no-documented-figure', 'hash-mismatch', 'other-data-set', 'subset', 'unusable-images'])
      .nullable()
      .describe('Why there is no verdict; null where there is one.'),
    grade: z
      .enum(['printed-digit', 'tolerance', 'outside', 'far-above'])
      .nullable()
      .default(null)
      .describe(
        'printed-digit: it prints as the documented figure; tolerance: within the tolerance; outside: neither; far-above: so far above that it is no reproduction. null without a verdict.',
      ),
    rule: z.string().describe('The rule in words.'),
    difference: z
      .number()
      .nullable()
      .describe('Measured minus documented Top-1 in points; null where not comparable.'),
    tolerance: z.number().describe('Points.'),
  })
  .describe('Whether the documented Top-1 was reproduced.');

const scoreCount = z.object({ score: double, images: countOf });

export const saturationSchema = z
  .object({ distinctTopScores: countOf, mostCommon: scoreCount, maximum: scoreCount })
  .describe('How the top scores pile up.');

const calibration = z.object({
  scores: z.enum(['logits', 'probabilities', 'quantized']).describe('What the scores are.'),
  expectedCalibrationError: z
    .number()
    .nullable()
    .describe('A share in [0, 1]; null where no confidence is known.'),
  errorByChance: z
    .number()
    .nullable()
    .default(null)
    .describe('What a perfectly calibrated model would show on so few images.'),
  brierScore: z
    .number()
    .nullable()
    .default(null)
    .describe('Mean squared difference of the Top-1 confidence from right (1) or wrong (0).'),
  negativeLogLikelihood: z
    .number()
    .nullable()
    .default(null)
    .describe(
      'Mean -ln of the probability that the Top-1 confidence gives to what happened, right or wrong.',
    ),
  reason: z.string().nullable().describe('Why it is null.'),
  images: countOf,
  bins: z
    .array(
      z.object({
        lower: z.number(),
        upper: z.number(),
        images: countOf,
        correct: countOf,
        meanConfidence: z.number().nullable(),
      }),
    )
    .readonly(),
});

const pairedFigure = z.object({
  table: z
    .object({ a: countOf, b: countOf, c: countOf, d: countOf })
    .describe('Images: a both right, b only the other model, c only this model, d both wrong.'),
  difference: z
    .object({
      images: z.int(),
      points: z.number().nullable(),
      tango95: interval,
      whole95: interval.nullable().default(null),
    })
    .describe(
      'This model minus the other: negative is a loss. tango95 in points; whole95 of the difference over the whole data set, the finite population taken into account, null where these are all or nobody says how many there are.',
    ),
  mcnemarMidP: z.number(),
});

const classDrift = z
  .object({
    falseDiscoveryRate: z.number(),
    flagged: z.array(z.int()).readonly().describe('Classes that changed, smallest p first.'),
    worseThanRest: z.array(z.int()).readonly(),
    leastOneWayFlips: countOf,
    blind: z
      .boolean()
      .describe('The classes have too few images for these tests to flag any: empty says nothing.'),
  })
  .describe('Per-class McNemar tests under Benjamini-Hochberg.');

export const comparisonSchema = z.object({
  with: z.string(),
  images: countOf,
  top1: pairedFigure,
  top5: pairedFigure,
  flips: z
    .object({ lost: countOf, gained: countOf })
    .describe('Images whose Top-1 correctness differs: lost by this model (b), gained (c).'),
  agreement: z
    .object({ images: countOf, percent: z.number().nullable() })
    .describe('Images with the same Top-1 class.'),
  mostDisagreed: z
    .array(
      z.object({ reference: z.int(), candidate: z.int(), images: countOf, lost: countOf, gained: countOf }),
    )
    .readonly(),
  classDrift,
});

const perClass = z
  .object({
    images: z.array(countOf).readonly(),
    top1: z.array(countOf).readonly(),
    top5: z.array(countOf).readonly(),
  })
  .describe('Counts by class index.');

const real = z
  .object({
    images: countOf.describe('Images with an accepted class.'),
    withoutLabel: countOf.describe('Images whose list is empty; they do not count.'),
    top1: accuracy,
  })
  .describe('Accuracy against the ReaL labels: Top-1 is among the accepted classes.');

// Files and programs know the fields in this order.
const { name, file, sha256, bytes, manifest, documented, compareWith, ...origin } = modelProvenance.shape;

export const modelSummarySchema = z.object({
  name,
  slug: z.string().describe('Safe name that the model has in file names.'),
  file,
  sha256,
  bytes,
  manifest,
  images: countOf,
  top1: accuracy,
  top5: accuracy,
  whole: z
    .object({
      images: countOf,
      percent: z.number(),
      interval95: interval,
      method: z.enum(['by-class', 'random']),
    })
    .nullable()
    .default(null)
    .describe(
      'What a part says of Top-1 over the whole data set; by-class: from the spread within the classes that it was drawn by. null where these are all, or nobody says how many there are.',
    ),
  real: real.nullable().describe('null where the run was given no ReaL labels.'),
  documented,
  verdict,
  ties,
  invalid: countOf.describe('Images whose scores hold a NaN: wrong for every k.'),
  saturation: saturationSchema.nullable().describe('null if no image has a valid prediction.'),
  calibration,
  compareWith,
  comparison: comparisonSchema.nullable().describe('null if it is compared with none.'),
  perClass,
  ...origin,
  predictions: z.string().describe('Path of the predictions CSV from summary.json.'),
});

const { title, command, config, startedAt, seconds, ...run } = runFacts.shape;

export const summarySchema = z.object({
  format: z.literal(SUMMARY_FORMAT),
  version: z.literal(SUMMARY_VERSION),
  tool: toolFacts,
  run: z.object({
    title,
    command,
    config,
    startedAt,
    seconds,
    imagesPerSecond: z.number().nullable().describe('null if the run took no measurable time.'),
    ...run,
  }),
  dataset: datasetFacts.extend({ images: countOf.describe('Images that the figures rest on.') }),
  machine: machineFacts,
  models: z.array(modelSummarySchema).readonly(),
  gates: gateReportSchema.nullable().default(null).describe('null where the config has no gates.'),
});

export type Summary = z.infer<typeof summarySchema>;
export type ModelSummary = z.infer<typeof modelSummarySchema>;
export type Verdict = ModelSummary['verdict'];
export type ComparisonSummary = NonNullable<ModelSummary['comparison']>;
export type Accuracy = ModelSummary['top1'];
