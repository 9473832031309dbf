import { createHash } from 'node:crypto';
import * as z from 'zod';
import { tieRules, type Sha256 } from '../domain/domain.js';
import { canonicalJson } from './canonical-json.js';

/** SHA-256 over the canonical JSON of `ModelKeyParts`: equal keys give equal predictions for equal image bytes. */
export type ModelKey = Sha256;

/** Everything besides an image's bytes and label that decides what a model says of it. */
export const modelKeyParts = z.strictObject({
  /** SHA-256 of the model file. */
  model: z.string(),
  /** SHA-256 of the recipe. */
  recipe: z.string(),
  classOffset: z.number(),
  /** Classes of the data set: outputs beyond them are not ranked. */
  classes: z.number(),
  ties: z.enum(tieRules),
  /** What computes the scores, e.g. `onnxruntime 1.30.0`. */
  runtime: z.string(),
  /** The session's options that change results, e.g. `cpu, graph optimization all`. */
  session: z.string(),
  /** What decodes, e.g. `sharp 0.35.5, libvips 8.18.3, mozjpeg 4.1.5`. */
  decoder: z.string(),
  /** What resizes, e.g. `reference-pixels 0.1.0`. */
  resampler: z.string(),
  /** `process.platform`: onnxruntime and libvips are other builds on each. */
  platform: z.string(),
  /** `process.arch`. */
  arch: z.string(),
  /** See `kernelFlags`. */
  cpuFlags: z.array(z.string()).readonly(),
  /** The batch size where the network's bits depend on it, else null. */
  batch: z.number().nullable(),
});
/** Everything besides an image's bytes and label that decides what a model says of it. */
export type ModelKeyParts = Readonly<z.infer<typeof modelKeyParts>>;

/** What the parts are called where a user reads of them. */
export const partLabels = {
  model: 'model file (SHA-256)',
  recipe: 'recipe (SHA-256)',
  classOffset: 'class offset',
  classes: 'number of classes',
  ties: 'rule for ties',
  runtime: 'runtime',
  session: 'session options',
  decoder: 'decoder',
  resampler: 'resampler',
  platform: 'platform',
  arch: 'processor architecture',
  cpuFlags: 'CPU flags',
  batch: 'batch size',
} as const satisfies Record<keyof ModelKeyParts, string>;

/** A model of a run, with what its predictions are stored under. */
export interface KeyedModel {
  /** Its name in the run; not part of the key. */
  readonly name: string;
  /** Its recipe's name, null for one that was spelled out; not part of the key. */
  readonly recipe: string | null;
  readonly key: ModelKey;
  readonly parts: ModelKeyParts;
}

/** The key under which a model's predictions are kept: SHA-256 over the canonical JSON of its parts. */
export function modelKey(parts: ModelKeyParts): ModelKey {
  return createHash('sha256').update(canonicalJson(parts)).digest('hex');
}

/**
 * Those of a processor's flags that choose onnxruntime's kernels, sorted. int8 products saturate without VNNI and not
 * with it; float sums are added in another order under AVX-512.
 *
 * @param flags as /proc/cpuinfo spells them
 */
export function kernelFlags(flags: Iterable<string>): string[] {
  return [...new Set(flags)].filter((flag) => kernelFlagNames.has(flag)).sort();
}

const kernelFlagNames: ReadonlySet<string> = new Set(
  (
    'sse4_1 avx avx2 fma f16c avx512f avx512bw avx512dq avx512vl avx512_vnni avx512_bf16 avx512_fp16 ' +
    'avx_vnni avx_vnni_int8 avx10_1 avx10_2 amx_tile amx_int8 amx_bf16 amx_fp16 ' +
    'asimd asimddp asimdhp fphp bf16 i8mm sve sve2 sme sme2'
  ).split(' '),
);
