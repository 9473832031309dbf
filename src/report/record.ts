import type { Recipe } from 'reference-pixels/recipe';
import type { ClassIndex, ClassName, ImageId, Prediction, Sha256, TieRule } from '../domain/domain.js';
import { printedFigure, type PrintedFigure } from '../domain/printed-figure.js';
import type { ModelFacts } from '../model/facts.js';
import type { RuntimeIdentity } from '../runtime/identity.js';
import type { GateReport } from './gate-schema.js';

/** A figure somebody published for a model file. Percentages as published, 0..100. */
export interface DocumentedFigure {
  readonly top1: number | null;
  readonly top5: number | null;
  /** Decimals that the source prints; null: those of the number itself. */
  readonly top1Decimals: number | null;
  readonly top5Decimals: number | null;
  /** Images the figure was made on. */
  readonly images: number;
  /** Name of the data-set manifest it was made on, e.g. `ilsvrc2012-val`; null if not stated. */
  readonly dataset: string | null;
  readonly source: string;
  /** SHA-256 of the file it was documented for; null if only a path was given with it in the config. */
  readonly sha256: Sha256 | null;
}

/** The documented Top-1 as its source prints it; null where none is. */
export function documentedTop1(documented: DocumentedFigure | null): PrintedFigure | null {
  if (documented?.top1 == null) return null;
  const { percent, decimals } = printedFigure(documented.top1);
  return { percent, decimals: documented.top1Decimals ?? decimals };
}

export interface ModelRecord {
  readonly name: string;
  /** File name without folder. */
  readonly file: string;
  readonly sha256: Sha256;
  readonly bytes: number;
  /** Name of the manifest it came from, or null. */
  readonly manifest: string | null;
  readonly facts: ModelFacts;
  /** What computed the predictions; null in a report of an earlier version. */
  readonly runtime: RuntimeIdentity | null;
  readonly recipe: Recipe;
  readonly recipeSha256: Sha256;
  readonly documented: DocumentedFigure | null;
  /** Points (of 100) that the measured Top-1 may lie below the documented one. */
  readonly tolerance: number;
  /** Name of the model it is compared with (the float one), or null. */
  readonly compareWith: string | null;
  /** Whether the same images gave the same bits at another batch size; null if not tried. */
  readonly batchInvariant: boolean | null;
  /** Aligned with `RunRecord.samples`. */
  readonly predictions: readonly Prediction[];
  /** Images whose predictions came from the cache or an earlier, interrupted run. */
  readonly reused: number;
  /** Seconds inside onnxruntime, summed over workers; null when all came from the cache. */
  readonly inferenceSeconds: number | null;
  /** What the model was fed first: shape, dtype, minimum, mean, maximum; null when all came from the cache. */
  readonly firstTensor: FirstTensor | null;
}

export interface FirstTensor {
  readonly image: ImageId;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly min: number;
  readonly mean: number;
  readonly max: number;
}

export interface SampleRecord {
  readonly id: ImageId;
  readonly label: ClassIndex;
  readonly sha256: Sha256;
}

export interface BadImage {
  readonly id: ImageId;
  readonly label: ClassIndex | null;
  readonly code: string;
  readonly message: string;
}

export interface DatasetRecord {
  /** E.g. `ILSVRC2012_img_val.tar (tar, flat)`. */
  readonly description: string;
  readonly layout: 'tar' | 'folders' | 'flat';
  /** How labels were found, e.g. `ilsvrc2012-val (shipped)`. */
  readonly labels: string;
  /** Name of the data-set manifest it was held against, or null. */
  readonly manifest: string | null;
  /** Images that the manifest states, or null without one. */
  readonly manifestImages: number | null;
  /** Why these are fewer images than the whole set; null for the whole set. */
  readonly subset: string | null;
  /** Images of the whole set; null: nobody says how many, these are a part. */
  readonly population: number | null;
  /** Images that are here but were not run, for a reason of their own: excluded, or without a sound label. */
  readonly leftOut: number;
  /** SHA-256 over `id TAB sha256 TAB label LF` of all samples in order. */
  readonly digest: Sha256;
  readonly classes: readonly ClassName[];
  readonly badImages: readonly BadImage[];
}

export interface MachineRecord {
  readonly host: string;
  readonly os: string;
  readonly cpu: string;
  /** Flags that matter to int8 kernels, e.g. avx2, avx512_vnni. */
  readonly cpuFlags: readonly string[];
  readonly cores: number;
  readonly memoryBytes: number;
  /** node, onnxruntime, sharp, libvips, libjpeg-turbo (mozjpeg) ... */
  readonly versions: Readonly<Record<string, string>>;
}

export interface ThroughputPoint {
  readonly seconds: number;
  readonly images: number;
}

/** What a finished run hands to the reports. Everything a report prints comes from here. */
export interface RunRecord {
  readonly tool: { readonly name: string; readonly version: string };
  readonly config: { readonly file: string | null; readonly sha256: Sha256; readonly title: string | null };
  /** The command that repeats the run. */
  readonly command: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly seconds: number;
  readonly workers: number;
  readonly batch: number;
  readonly ties: TieRule;
  readonly machine: MachineRecord;
  readonly dataset: DatasetRecord;
  /** In the canonical order of the data set (by id); bad images are not among them. */
  readonly samples: readonly SampleRecord[];
  /**
   * ReaL labels: the classes accepted for each image, aligned with `samples`; an empty list takes the image out of
   * ReaL accuracy. Null where the run was given no such file.
   */
  readonly realLabels: readonly (readonly ClassIndex[])[] | null;
  readonly models: readonly ModelRecord[];
  readonly throughput: readonly ThroughputPoint[];
  /** Peak resident memory in bytes. */
  readonly peakMemoryBytes: number;
  readonly warnings: readonly string[];
  /** Faults of the input that the run does not forgive: it ends with exit code 2, whatever its figures. */
  readonly fatal: readonly { readonly code: string; readonly what: string; readonly where: string | null }[];
  /** Verdicts of the config's gates; not there where it has none. */
  readonly gates?: GateReport;
}
