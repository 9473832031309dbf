import * as z from 'zod';
import { sha256 } from '../domain/values.js';

/**
 * The shape of diagnosis.json. Programs may rely on it: within a version, fields are added and never renamed, moved or given
 * another meaning. Shares are 0 to 1, points are hundredths of Top-1; what is absent is null.
 */

export const DIAGNOSIS_FORMAT = 'onnx-imagenet-eval/diagnosis';
export const DIAGNOSIS_VERSION = 1;

const countOf = z.int().nonnegative();
const interval = z.tuple([z.number(), z.number()]).readonly();

const faultKinds = [
  'clips',
  'coarse',
  'zero-point',
  'few-levels',
  'per-tensor',
  'scale',
  'mismatch',
] as const;

const cost = {
  cost: z
    .number()
    .nullable()
    .describe(
      "Share of the squared error to the float network's scores that goes away with this alone in float; negative where the error grows, null where it was not measured.",
    ),
  costInterval: interval.nullable().describe('95 % interval of `cost`, over images.'),
  images: countOf.describe('Images that `cost` was measured on.'),
  agreement: z
    .object({
      before: countOf.describe(
        'Images on which the undisturbed network names the class that the float network names.',
      ),
      after: countOf.describe('The same with this alone in float.'),
      wonBack: countOf.describe('Images that agree only after.'),
      lost: countOf.describe('Images that agreed only before.'),
    })
    .nullable(),
  dropped: z
    .boolean()
    .describe('Costs clearly less than others: it was left out before all images were shown.'),
};

const range = z.object({ low: z.number(), high: z.number() });

const bar = z.tuple([z.number(), z.number(), z.number()]).readonly();

const observed = z
  .object({
    in: z
      .enum(['float', 'int8'])
      .describe('Whose tensor it is: the float network’s, or, where that has none, the int8 network’s own.'),
    images: countOf,
    min: z.number(),
    max: z.number(),
    percentiles: z
      .object({ p01: z.number(), p1: z.number(), p50: z.number(), p99: z.number(), p999: z.number() })
      .describe('0.1, 1, 50, 99 and 99.9 % of the values lie below; to within a bar of the histogram.'),
    clippedBelow: z.number().describe('Share of the values below the range.'),
    clippedAbove: z.number().describe('Share of the values above the range.'),
    levelsUsed: countOf.describe('Different levels that the values are stored as.'),
    levels: countOf.describe('Levels that there are.'),
    atLowest: z.number().describe("Share of the int8 network's own values that stand on the lowest level."),
    atHighest: z.number(),
    ownSqnr: z
      .number()
      .nullable()
      .describe('dB: signal to the error that this quantizer alone makes on these values.'),
    bestSqnr: z
      .number()
      .nullable()
      .describe('dB: what the best range for these values gives with as many levels.'),
    bestRange: range.nullable(),
    channels: z
      .object({
        count: countOf,
        dead: countOf.describe('Channels that are zero everywhere.'),
        spread: z
          .number()
          .describe('Largest absolute value of the widest channel by that of the median one.'),
        widest: z.array(z.object({ channel: countOf, size: z.number() })),
      })
      .nullable(),
    histogram: z.array(bar).describe('From, to, share of the values; empty bars left out.'),
  })
  .describe('Values of the tensor before it is quantized.');

const weights = z
  .object({
    sqnr: z
      .number()
      .nullable()
      .describe('dB: float weights to the difference of the stored ones; null where they are equal.'),
    bestSqnr: z
      .number()
      .nullable()
      .describe('dB: what a scale for each channel gives with as many levels, 255 at most.'),
    levelsUsed: countOf,
    levels: countOf,
    perChannel: z.boolean(),
    channels: countOf,
    dead: countOf.describe('Channels whose float weights are all zero.'),
    spread: z
      .number()
      .describe('Largest absolute weight of the widest channel by that of the narrowest that is not dead.'),
    worst: z
      .array(z.object({ channel: countOf, sqnr: z.number() }))
      .describe('The channels of the lowest SQNR in dB, worst first.'),
    histogram: z.array(bar),
  })
  .describe('Stored weights against the float ones.');

const drop = z.object({
  images: countOf,
  top1: countOf,
  floatTop1: countOf,
  points: z.number().describe('Top-1 of the float network minus its own, in points.'),
  interval: interval.describe("Tango's 95 % interval of `points`, paired."),
  errorLeft: z.number().describe("Share of the undisturbed network's squared error that is left."),
});

const quantizer = z.object({
  tensor: z
    .string()
    .describe('Name of the tensor in the float network; the int8 network’s where it was not found there.'),
  matchedBy: z
    .enum(['name', 'structure'])
    .nullable()
    .describe('How it was found in the float network; null: it was not.'),
  kind: z.enum(['activation', 'weight', 'bias']),
  ...cost,
  alone: drop
    .nullable()
    .default(null)
    .describe(
      'The network with this alone in float against the float network, on `images`; null where it was not measured.',
    ),
  fault: z
    .object({ kind: z.enum(faultKinds), sentence: z.string() })
    .nullable()
    .describe('What is wrong with it; null where the evidence accuses it of nothing.'),
  sentence: z.string().describe('What was seen of it, in plain words.'),
  mismatch: z
    .string()
    .nullable()
    .describe(
      'A DequantizeLinear that reads its levels with another scale or zero point than they were made with.',
    ),
  notMeasured: z.string().nullable().describe('Why `cost` is null.'),
  int8: z.object({
    source: z.string().describe('Name in the int8 network of what is quantized, or of the stored constant.'),
    output: z.string().describe('Name in the int8 network of the dequantized tensor.'),
  }),
  type: z.string().describe('int8, uint8, int16, int4 ...'),
  perChannel: z.boolean(),
  scale: z.number().nullable().describe('null: one for each channel.'),
  zeroPoint: z.number().nullable(),
  range: range
    .nullable()
    .describe('Smallest and largest real number that it can hold; null: one range for each channel.'),
  foldedLimits: z
    .object({ min: z.number().nullable(), max: z.number().nullable() })
    .nullable()
    .describe(
      'Limits of a Relu or Clip that the int8 network leaves to this range; they stay when it is taken out.',
    ),
  sqnr: z
    .number()
    .nullable()
    .describe(
      'dB: float tensor to its difference from the int8 network’s, errors of all layers before it included.',
    ),
  layers: z.array(z.string()),
  observed: observed.nullable(),
  weights: weights.nullable(),
});

const layer = z.object({
  name: z.string(),
  operator: z.string(),
  floatNodes: z.array(z.string()).describe('Names for onnxruntime’s nodes_to_exclude.'),
  tensors: z.array(z.string()).describe('Quantizers that go with it, by `quantizers[].int8.output`.'),
  ...cost,
});

const model = z.object({
  name: z.string(),
  file: z.string(),
  sha256,
  scheme: z.string(),
  float: z.object({ name: z.string(), file: z.string(), sha256 }),
  undisturbed: z.object({
    images: countOf,
    floatTop1: countOf,
    fused: z
      .object({ top1: countOf, agreement: countOf, meanError: z.number() })
      .describe('The int8 network as an ordinary run computes it, with integer kernels.'),
    float: z
      .object({ top1: countOf, agreement: countOf, meanError: z.number() })
      .describe(
        'The int8 network with every Q/DQ computed by itself and all else in float: what all variants are held against.',
      ),
    drop: drop.describe('Of the float arithmetic.'),
  }),
  findings: z
    .array(z.object({ code: z.string(), sentence: z.string() }))
    .describe('What is wrong as a whole, most telling first.'),
  quantizers: z.array(quantizer).describe('Most costly first.'),
  layers: z.array(layer).describe('Most costly first.'),
  depth: z
    .array(
      z.object({
        tensor: z.string(),
        operator: z.string().describe('Operator of the int8 network that makes it.'),
        sqnr: z.number().describe('dB'),
      }),
    )
    .describe('Tensors that both networks have, from the input to the scores.'),
  unmatched: z.array(z.string()).describe('Tensors of quantizers that were not found in the float network.'),
  restoration: z
    .array(
      z.object({
        layer: z.string(),
        floatNodes: z.array(z.string()),
        quantizers: z.array(z.string()),
        ...drop.shape,
      }),
    )
    .describe('Layers put back into float, each together with all before it.'),
});

export const diagnosisSchema = z.object({
  format: z.literal(DIAGNOSIS_FORMAT),
  version: z.literal(DIAGNOSIS_VERSION),
  tool: z.object({ name: z.string(), version: z.string() }),
  command: z.string(),
  title: z.string().nullable(),
  startedAt: z.string(),
  seconds: z.number(),
  cpuSeconds: z.number().default(0).describe('Processor time of all threads.'),
  complete: z.boolean().describe('false: stopped before its end; what was known by then is here.'),
  dataset: z.object({
    description: z.string(),
    population: countOf,
    images: countOf.describe('Images looked at: the first of one random order.'),
    seed: countOf,
    badImages: z.array(z.object({ id: z.string(), what: z.string() })),
  }),
  arithmetic: z
    .string()
    .describe(
      'How variants were computed; an ordinary run’s figure stands beside and is never mixed with them.',
    ),
  runtime: z.object({ name: z.string(), version: z.string() }),
  peakMemoryBytes: countOf.describe('Of the whole process, at its end.'),
  models: z.array(model),
});

export type Diagnosis = Readonly<z.infer<typeof diagnosisSchema>>;
export type DiagnosedModel = Diagnosis['models'][number];
export type DiagnosedQuantizer = DiagnosedModel['quantizers'][number];
export type DiagnosedLayer = DiagnosedModel['layers'][number];
export type FaultKind = (typeof faultKinds)[number];
export type RestorationPoint = DiagnosedModel['restoration'][number];
