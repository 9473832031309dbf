import * as z from 'zod';
import { scoreDriftSchema } from '../metrics/score-drift.js';
import { sequentialOutcomeSchema } from '../metrics/sequential.js';
import { gateNames } from '../metrics/verdict.js';
import { badImage, runFacts, toolFacts } from '../record/provenance.js';
import { countOf, double, sha256 } from '../domain/values.js';
import { answerSchema } from './answer.js';
import { jsonText } from './formats/summary-json.js';
import { gateReportSchema } from './gate-schema.js';
import { comparisonSchema, saturationSchema } from './summary-schema.js';

const sequentialRun = z
  .object({
    seed: z.number(),
    seedFrom: z
      .enum(['candidates', 'given'])
      .describe('candidates: the seed follows from the files under test; given: the command line named it.'),
    otherLooks: z
      .array(
        z.object({
          at: z.string(),
          seed: z.number(),
          imagesSeen: countOf,
          outcome: z.enum(['pass', 'fail', 'undecided']),
        }),
      )
      .readonly()
      .describe(
        'Earlier looks at the same candidates on the same images that asked otherwise: each adds its error rates.',
      ),
    method: z.string().describe('How the order was drawn from the seed.'),
    listDigest: sha256.describe('Of ids and labels of the whole list.'),
    population: countOf.describe('N.'),
    errorRate: z
      .number()
      .describe('Chance at most of any false fail, and of any false pass, over all tests.'),
    tests: countOf.describe('Tests that share it evenly.'),
    imagesSeen: countOf.describe('Images of the random order that were used, from its start.'),
    ended: z
      .enum(['decided', 'limit', 'exhausted'])
      .describe(
        'decided: every model is finished; limit: asked to stop before; exhausted: all images were seen.',
      ),
  })
  .describe('How a sequential check went as a whole.');
export type SequentialRun = Readonly<z.infer<typeof sequentialRun>>;

const sequentialTest = z
  .object({
    gate: z.enum(gateNames),
    maxImages: z.int().describe('D: the largest sum of changes over all images that passes.'),
    errorRate: z.number(),
    outcome: sequentialOutcomeSchema,
    interval: z
      .object({ lower: double, upper: double })
      .describe('Of the sum over ALL images, in images; valid at whatever image the test stopped.'),
    confidence: z.number(),
  })
  .describe(
    "One gate's sequential test. A change is +1 for an image that counts against the candidate, -1 for one that counts for it.",
  );
export type SequentialTestRecord = Readonly<z.infer<typeof sequentialTest>>;

const scoreFacts = z
  .object({
    top1: countOf,
    top5: countOf,
    tiedTop: countOf,
    saturation: saturationSchema.nullable(),
  })
  .describe('Counts over the compared images.');
export type ScoreFacts = Readonly<z.infer<typeof scoreFacts>>;

const checkedModel = z.object({
  name: z.string(),
  sha256,
  against: z.string().nullable(),
  images: countOf.describe('Images on which both were compared.'),
  notes: z
    .array(z.string())
    .readonly()
    .describe("How the candidate differs from the baseline's model besides its predictions."),
  candidate: scoreFacts,
  reference: scoreFacts.nullable(),
  comparison: comparisonSchema
    .nullable()
    .describe(
      'null without a reference, and after an early stop: its intervals and tests are for a fixed number of images.',
    ),
  scoreDrift: scoreDriftSchema.nullable(),
  scoreDriftNote: z.string().nullable().describe('Why `scoreDrift` is null or means little.'),
  tests: z.array(sequentialTest).readonly(),
});
export type CheckedModel = Readonly<z.infer<typeof checkedModel>>;

/** Content of check.json. Within a version, fields are added and never given another meaning. */
export const checkSchema = z
  .object({
    format: z.literal('onnx-imagenet-eval/check'),
    version: z.literal(1),
    tool: toolFacts,
    config: z.object({ ...runFacts.shape.config.shape, title: z.string().nullable() }),
    command: z.string().describe('The command that repeats it.'),
    startedAt: z.string().describe('ISO 8601, UTC.'),
    seconds: z.number(),
    dataset: z.object({
      description: z.string(),
      images: countOf.describe('Images of the whole list.'),
      subset: z.string().nullable(),
      badImages: z.array(badImage).readonly(),
    }),
    answer: answerSchema,
    fatal: runFacts.shape.fatal,
    baseline: z
      .object({
        name: z.string(),
        differences: z
          .array(z.string())
          .readonly()
          .describe("How its machine, versions and settings differ from this run's; empty where they don't."),
      })
      .nullable()
      .describe('null: each model was compared with its compare_with.'),
    sequential: sequentialRun.nullable().describe('null: every image was run.'),
    models: z
      .array(checkedModel)
      .readonly()
      .describe('Models that are compared with something, or that a gate is asked of.'),
    gates: gateReportSchema,
  })
  .describe('What `check` found.');
export type CheckRecord = Readonly<z.infer<typeof checkSchema>>;

/** The text of check.json. */
export function checkJson(record: CheckRecord): string {
  return jsonText(z.encode(checkSchema, record));
}
