import { z } from 'zod';
import { cropOffsets, filterNames } from 'reference-pixels/recipe';

/** The parts of summary.json that say how a figure came about. Their shapes are those of `RunRecord`. */

export const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .describe('Lower-case hexadecimal SHA-256.');
export const countOf = z.int().min(0);

const operand = z.union([z.number(), z.tuple([z.number(), z.number(), z.number()]).readonly()]);

export const recipeSchema = z.object({
  name: z.string().nullable().describe('The name it was chosen by; null if spelled out.'),
  decode: z.enum(['pillow', 'tensorflow-fast-dct']),
  centralFraction: z.number().nullable(),
  range: z.enum(['bytes', 'unit']),
  resize: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('none') }),
    z.object({ kind: z.literal('exact'), width: z.int(), height: z.int() }),
    z.object({ kind: z.enum(['cover', 'contain']), width: z.int(), height: z.int() }),
    z.object({
      kind: z.literal('short-side'),
      size: z.int(),
      rounding: z.enum(['torchvision', 'tensorflow-float32', 'nearest']),
    }),
  ]),
  filter: z.enum(filterNames).nullable(),
  crop: z
    .object({
      width: z.int(),
      height: z.int(),
      offset: z.enum(cropOffsets),
      fill: z.tuple([z.int(), z.int(), z.int()]).readonly().optional(),
    })
    .nullable(),
  channelOrder: z.enum(['rgb', 'bgr']),
  normalize: z
    .array(
      z.discriminatedUnion('op', [
        z.object({ op: z.literal('divide'), by: operand }),
        z.object({ op: z.literal('multiply'), by: operand }),
        z.object({ op: z.literal('subtract'), by: operand }),
        z.object({ op: z.literal('add'), by: operand }),
      ]),
    )
    .readonly(),
});

const quantization = z.object({ scale: z.number(), zeroPoint: z.int() }).nullable();

export const factsSchema = z.object({
  inputName: z.string(),
  outputName: z.string(),
  tensor: z.object({
    layout: z.enum(['NCHW', 'NHWC']),
    dtype: z.enum(['float32', 'uint8', 'int8']),
    width: z.int(),
    height: z.int(),
    quantization,
  }),
  fixedBatch: z.int().nullable().describe('null: the batch is dynamic.'),
  batchDimension: z.string().nullable().default(null).describe('Name of a dynamic batch dimension.'),
  outputClasses: z.int(),
  classOffset: z.int().describe('1 where output 0 is a background class that is taken off.'),
  outputDtype: z.string(),
  scheme: z.string(),
  inputQuantization: quantization
    .default(null)
    .describe('Scale and zero point of the input, as the file states them.'),
  outputQuantization: quantization.default(null),
  parameters: countOf.nullable(),
  opset: z.int().nullable(),
  producer: z.string(),
});

export const documentedSchema = z
  .object({
    top1: z.number().nullable(),
    top5: z.number().nullable(),
    top1Decimals: countOf
      .nullable()
      .default(null)
      .describe('Decimals that the source prints; null: those of the number.'),
    top5Decimals: countOf.nullable().default(null),
    images: countOf.describe('Images the figure was made on.'),
    dataset: z.string().nullable(),
    source: z.string(),
    sha256: sha256.nullable().describe('The model file that it was documented for; null if not stated.'),
  })
  .describe('The published figures, in percent as published.');

export const firstTensorSchema = z
  .object({
    image: z.string(),
    shape: z.array(z.int()).readonly(),
    dtype: z.string(),
    min: z.number(),
    mean: z.number(),
    max: z.number(),
  })
  .describe('What the model was fed first.');

export const datasetSchema = z.object({
  description: z.string(),
  layout: z.enum(['tar', 'folders', 'flat']),
  labels: z.string().describe('How labels were found.'),
  manifest: z.string().nullable(),
  manifestImages: countOf.nullable(),
  subset: z
    .string()
    .nullable()
    .describe('Why these are fewer images than the whole set; null for the whole set.'),
  population: countOf
    .nullable()
    .default(null)
    .describe('Images of the whole set; null: nobody says how many, these are a part.'),
  leftOut: countOf
    .default(0)
    .describe('Images that are here but were not run: excluded, or without a sound label.'),
  digest: sha256.describe('Over `file TAB sha256 TAB label LF` of all images in order.'),
  images: countOf.describe('Images that the figures rest on.'),
  badImages: z
    .array(
      z.object({
        id: z.string(),
        label: z.int().nullable().default(null),
        code: z.string(),
        message: z.string(),
      }),
    )
    .readonly(),
  classes: z.array(z.object({ index: z.int(), wnid: z.string(), name: z.string() })).readonly(),
});

export const machineSchema = z.object({
  host: z.string(),
  os: z.string(),
  cpu: z.string(),
  cpuFlags: z.array(z.string()).readonly(),
  cores: z.int(),
  memoryBytes: countOf,
  versions: z.record(z.string(), z.string()),
});

export const runSchema = z.object({
  title: z.string().nullable(),
  command: z.string().describe('The command that repeats the run.'),
  config: z.object({ file: z.string().nullable(), sha256 }),
  startedAt: z.string().describe('ISO 8601, UTC.'),
  seconds: z.number(),
  imagesPerSecond: z.number().nullable().describe('null if the run took no measurable time.'),
  workers: z.int(),
  batch: z.int(),
  ties: z.enum(['lowest-index', 'highest-index']),
  peakMemoryBytes: countOf,
  throughput: z.array(z.object({ seconds: z.number(), images: countOf })).readonly(),
  warnings: z.array(z.string()).readonly(),
  fatal: z
    .array(z.object({ code: z.string(), what: z.string(), where: z.string().nullable() }))
    .readonly()
    .default([])
    .describe(
      'Faults of the input that the run does not forgive: it ends with exit code 2, whatever its figures.',
    ),
});
