import * as z from 'zod';
import {
  channelOrders,
  cropOffsets,
  decodeNames,
  filterNames,
  pixelRanges,
  roundings,
  tensorDtypes,
  tensorLayouts,
  type Recipe,
} from 'reference-pixels/recipe';
import { tieRules, type ClassName } from '../domain/domain.js';
import { documentedFigure } from './documented-figure.js';
import { runtimeIdentity } from './runtime-identity.js';
import { countOf, double, sha256 } from '../domain/values.js';

/**
 * How a figure came about: one schema a fact. `summary.json`, the baseline and the record that reports are made of are
 * all put together from these, written and read by the same code, so a new fact is an entry here and the line that
 * measures it.
 */

const operand = z.union([z.number(), z.tuple([z.number(), z.number(), z.number()]).readonly()]);

/** Every choice that decides a pixel; the shape is the pixel package's. */
export const recipeSchema = z.object({
  name: z.string().nullable().describe('The name it was chosen by; null if spelled out.'),
  decode: z.enum(decodeNames),
  centralFraction: z.number().nullable(),
  range: z.enum(pixelRanges),
  resize: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('none') }),
    z.object({ kind: z.literal('exact'), width: z.int(), height: z.int() }),
    z.object({
      kind: z.literal('central-square'),
      fraction: z.number(),
      width: z.int(),
      height: z.int(),
    }),
    z.object({ kind: z.enum(['cover', 'contain']), width: z.int(), height: z.int() }),
    z.object({
      kind: z.literal('short-side'),
      size: z.int(),
      rounding: z.enum(roundings),
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
  channelOrder: z.enum(channelOrders),
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
}) satisfies z.ZodType<Recipe>;

const quantization = z.object({ scale: z.number(), zeroPoint: z.int() }).nullable();

const tensorSpec = z.object({
  layout: z.enum(tensorLayouts),
  dtype: z.enum(tensorDtypes),
  width: z.int(),
  height: z.int(),
  quantization,
});

/** What the network says of itself, checked against a recipe and a data set. */
export const modelFacts = z.object({
  inputName: z.string(),
  outputName: z.string(),
  tensor: tensorSpec.nullable().describe('null where scores made elsewhere do not say.'),
  fixedBatch: z.int().nullable().describe('null: the batch is dynamic.'),
  batchDimension: z
    .string()
    .nullable()
    .default(null)
    .describe('Name of a dynamic batch dimension; null where it is fixed or has none.'),
  outputClasses: z.int().describe('Width of the output, e.g. 1000 or 1001.'),
  classOffset: z.int().describe('1 where output 0 is a background class that is taken off.'),
  inputDtype: z
    .string()
    .default('float32')
    .describe('As the file has it; float16 is made from a float32 tensor.'),
  outputDtype: z.string(),
  inputQuantization: quantization
    .default(null)
    .describe('Of the input as stored in the file; null where it is not quantized, or does not say.'),
  outputQuantization: quantization.default(null).describe('Likewise of the output.'),
  scheme: z.string().describe('E.g. `float32`, `QDQ int8 per-channel (activations uint8)`.'),
  parameters: countOf.nullable().describe('null where only the runtime could tell and does not.'),
  opset: z.int().nullable().describe('null where it is no ONNX model.'),
  producer: z.string(),
});
/** What a network says of itself, checked against a recipe and a data set; `tensor` is null for scores made elsewhere. */
export type ModelFacts = Readonly<z.infer<typeof modelFacts>>;

/** What a network that is run here says of itself. */
export type NetworkFacts = ModelFacts & { readonly tensor: z.infer<typeof tensorSpec> };

const hashedFile = z.object({ file: z.string().describe('File name without folder.'), sha256 });

/** Where scores come from that were made elsewhere. */
const scoresOrigin = z
  .object({
    index: hashedFile
      .nullable()
      .describe('The list of images in the order of the rows; null where each row names its image.'),
    fed: z
      .object({ model: z.string(), sha256 })
      .nullable()
      .describe('The network whose tensors `imagenet-eval tensors` wrote for it; null where nobody says.'),
  })
  .nullable()
  .default(null)
  .describe('Of a model whose scores were made elsewhere, in `file`; null for a network that is run here.');

/** What a model was fed for one image. */
const tensorStatistics = z
  .object({
    image: z.string(),
    shape: z.array(z.int()).readonly(),
    dtype: z.string(),
    min: double,
    mean: double,
    max: double,
  })
  .describe('What the model was fed first.');
/** Shape, dtype, extremes and mean of what a model was fed for one image. */
export type TensorStatistics = Readonly<z.infer<typeof tensorStatistics>>;

/** What is known of a model before it sees an image. */
export const modelOrigin = z.object({
  name: z.string(),
  file: z.string().describe('File name without folder.'),
  sha256,
  bytes: countOf,
  manifest: z.string().nullable().describe('Name of the manifest it came from, or null.'),
  documented: documentedFigure.nullable(),
  compareWith: z
    .string()
    .nullable()
    .describe('Name of the model it is compared with (the float one), or null.'),
  facts: modelFacts,
  runtime: runtimeIdentity
    .nullable()
    .default(null)
    .describe(
      'What computed the predictions; null for scores made elsewhere, and in a report of an earlier version.',
    ),
  scores: scoresOrigin,
  recipe: recipeSchema.nullable().describe('null where scores made elsewhere do not say.'),
  recipeSha256: sha256.nullable(),
});
/** What is known of a model before it sees an image. */
export type ModelOrigin = Readonly<z.infer<typeof modelOrigin>>;

/** Everything that is known of a measured model besides what it said of the images. */
export const modelProvenance = modelOrigin.extend({
  batchInvariant: z
    .boolean()
    .nullable()
    .describe('Whether the same images gave the same bits at another batch size; null if not tried.'),
  reused: countOf.describe('Images whose predictions came from the cache or an interrupted run.'),
  inferenceSeconds: z
    .number()
    .nullable()
    .describe('Seconds inside the runtime over all workers; null when none was asked.'),
  firstTensor: tensorStatistics.nullable().describe('null when no network was asked.'),
});
/** All that is known of a measured model besides its predictions. */
export type ModelProvenance = Readonly<z.infer<typeof modelProvenance>>;

/** An image that could not be used, and why. */
export const badImage = z.object({
  id: z.string(),
  label: z.int().nullable().default(null),
  code: z.string(),
  message: z.string(),
});
/** An image that could not be used, and why. */
export type BadImage = Readonly<z.infer<typeof badImage>>;

/** A class of the data set. */
export const className = z.object({
  index: z.int(),
  wnid: z.string(),
  name: z.string(),
}) satisfies z.ZodType<ClassName>;

/** What is known of a run's images and labels. */
export const datasetFacts = z.object({
  description: z.string().describe('E.g. `ILSVRC2012_img_val.tar (tar, flat)`.'),
  layout: z.enum(['tar', 'folders', 'flat']),
  labels: z.string().describe('How labels were found, e.g. `ilsvrc2012-val (shipped)`.'),
  manifest: z.string().nullable().describe('Name of the data-set manifest it was checked against, or null.'),
  manifestImages: countOf.nullable().describe('Images that the manifest states, or null without one.'),
  subset: z
    .string()
    .nullable()
    .describe('Why these are fewer images than the whole set; null for the whole set.'),
  population: countOf
    .nullable()
    .default(null)
    .describe('Images of the whole set; null: nobody says how many, these are a part.'),
  drawnByClass: z.boolean().default(false).describe('A draw of as many images of every class as can be.'),
  leftOut: countOf
    .default(0)
    .describe('Images that are here but were not run: excluded, or without a sound label.'),
  digest: sha256.describe('Over `file TAB sha256 TAB label LF` of all images in order.'),
  classes: z.array(className).readonly(),
  badImages: z.array(badImage).readonly(),
});
/** What is known of a run's images and labels. */
export type DatasetFacts = Readonly<z.infer<typeof datasetFacts>>;

/** The machine and the versions that a figure was made with. */
export const machineFacts = z.object({
  host: z.string(),
  os: z.string().describe('Platform, release and architecture, separated by spaces.'),
  cpu: z.string(),
  cpuFlags: z
    .array(z.string())
    .readonly()
    .describe('Flags that matter to int8 kernels, e.g. avx2, avx512_vnni.'),
  exactProducts: z
    .boolean()
    .default(false)
    .describe(
      'onnxruntime was told to sum 8-bit products exactly: its own kernels saturate on this processor.',
    ),
  cores: z.int(),
  memoryBytes: countOf,
  versions: z
    .record(z.string(), z.string())
    .readonly()
    .describe('node, onnxruntime, sharp, libvips, libjpeg-turbo (mozjpeg) ...'),
});
/** The machine and the versions that a figure was made with. */
export type MachineFacts = Readonly<z.infer<typeof machineFacts>>;

/** How a run was asked for, and how it went. */
export const runFacts = z.object({
  title: z.string().nullable(),
  command: z.string().describe('The command that repeats the run.'),
  config: z.object({ file: z.string().nullable(), sha256 }),
  startedAt: z.string().describe('ISO 8601, UTC.'),
  seconds: z.number(),
  workers: z.int(),
  batch: z.int(),
  ties: z.enum(tieRules),
  peakMemoryBytes: countOf.describe('Peak resident memory.'),
  throughput: z.array(z.object({ seconds: z.number(), images: countOf })).readonly(),
  warnings: z.array(z.string()).readonly(),
  fatal: z
    .array(z.object({ code: z.string(), what: z.string(), where: z.string().nullable() }))
    .readonly()
    .default([])
    .describe(
      'Faults of the input that the run does not allow: it ends with exit code 2, whatever its figures.',
    ),
});

/** The program that measured. */
export const toolFacts = z.object({ name: z.string(), version: z.string() });

/** All that is known of a run besides its images and what the models said of them. */
export const provenance = z.object({
  tool: toolFacts,
  run: runFacts,
  dataset: datasetFacts,
  machine: machineFacts,
  models: z.array(modelProvenance).readonly(),
});
/** All that is known of a run besides its images and what the models said of them. */
export type Provenance = Readonly<z.infer<typeof provenance>>;
