import { z } from 'zod';
import { canonicalJson } from './canonical-json.js';

const topK = z.strictObject({ correct: z.number(), lowest: z.number(), highest: z.number() });
/** JSON has no infinities: a saturated score is written as a string. */
const score = z.union([z.number(), z.enum(['Infinity', '-Infinity'])]).transform(Number);
const peak = z.strictObject({ score, images: z.number() });

const figuresShape = z.strictObject({
  images: z.number(),
  top1: topK,
  top5: topK,
  ties: z.strictObject({
    tiedTop: z.number(),
    canChangeTop1: z.number(),
    canChangeTop5: z.number(),
    largest: z.number().nullable(),
  }),
  saturation: z.strictObject({ distinctTopScores: z.number(), mostCommon: peak, maximum: peak }).nullable(),
  invalid: z.number(),
});

const modelShape = z.strictObject({
  /** Its name in the run. */
  name: z.string(),
  file: z.string(),
  sha256: z.string(),
  /** E.g. `QDQ int8 per-channel`. */
  scheme: z.string(),
  classOffset: z.number(),
  recipe: z.strictObject({ name: z.string().nullable(), sha256: z.string() }),
  /** Name of the model it is compared with (the float one), or null. */
  compareWith: z.string().nullable(),
});

const runShape = z.strictObject({
  tool: z.strictObject({ name: z.string(), version: z.string() }),
  config: z.strictObject({ sha256: z.string(), title: z.string().nullable() }),
  ties: z.enum(['lowest-index', 'highest-index']),
  dataset: z.strictObject({
    description: z.string(),
    labels: z.string(),
    manifest: z.string().nullable(),
    /** Why these are fewer images than the whole set; null for the whole set. */
    subset: z.string().nullable(),
    /** SHA-256 over `id TAB sha256 TAB label LF` of all samples in order. */
    digest: z.string(),
    badImages: z.number(),
  }),
  runtime: z.strictObject({
    cpu: z.string(),
    cpuFlags: z.array(z.string()).readonly(),
    arch: z.string(),
    /** node, onnxruntime, sharp, libvips ... */
    versions: z.record(z.string(), z.string()),
    /** Where a network's bits depend on it. */
    batch: z.number(),
  }),
});

const headShape = runShape.extend({ models: z.array(modelShape.extend({ figures: figuresShape })) });

/** Counts as `Tally` has them, less those per class, which follow from the predictions. */
export type BaselineFigures = Readonly<z.infer<typeof figuresShape>>;
export type BaselineModelHead = Readonly<z.infer<typeof modelShape>>;
/** What a baseline says of its run as a whole. */
export type BaselineHead = Readonly<z.infer<typeof runShape>>;

type WholeHead = BaselineHead & {
  readonly models: readonly (BaselineModelHead & { readonly figures: BaselineFigures })[];
};

/** One line of canonical JSON. */
export function encodeHead(head: WholeHead): string {
  const { tool, config, ties, dataset, runtime, models } = head;
  return canonicalJson({
    tool,
    config,
    ties,
    dataset,
    runtime,
    models: models.map(({ figures, ...model }) => ({
      ...model,
      figures: { ...figures, saturation: encodeSaturation(figures.saturation) },
    })),
  });
}

/** @throws an Error if it is no such line */
export function decodeHead(line: string): WholeHead {
  return headShape.parse(JSON.parse(line));
}

function encodeSaturation(saturation: BaselineFigures['saturation']) {
  if (saturation === null) return null;
  const peakOf = ({ score, images }: { score: number; images: number }) => ({
    score: Number.isFinite(score) ? score : String(score),
    images,
  });
  return {
    distinctTopScores: saturation.distinctTopScores,
    mostCommon: peakOf(saturation.mostCommon),
    maximum: peakOf(saturation.maximum),
  };
}
