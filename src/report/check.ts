import type { Sha256 } from '../domain/domain.js';
import type { BadImage } from '../record/provenance.js';
import type { SequentialOutcome } from '../metrics/sequential.js';
import type { ScoreDrift } from '../metrics/score-drift.js';
import type { GateReport, ModelGates } from './gate-schema.js';
import type { Answer } from './answer.js';
import type { RunRecord } from '../record/run-record.js';
import type { ComparisonSummary, ModelSummary } from './summary-schema.js';

/** What `check` found: the content of check.json. Within a version, fields are added and never given another meaning. */
export interface CheckRecord {
  readonly format: 'onnx-imagenet-eval/check';
  readonly version: 1;
  readonly tool: { readonly name: string; readonly version: string };
  readonly config: { readonly file: string | null; readonly sha256: Sha256; readonly title: string | null };
  /** The command that repeats it. */
  readonly command: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly seconds: number;
  readonly dataset: {
    readonly description: string;
    /** Images of the whole list. */
    readonly images: number;
    readonly subset: string | null;
    readonly badImages: readonly BadImage[];
  };
  /** What it came to; the exit code is its own. */
  readonly answer: Answer;
  /** Faults of the input that the check does not forgive. */
  readonly fatal: RunRecord['run']['fatal'];
  /** null: each model was compared with its compare_with. */
  readonly baseline: {
    readonly name: string;
    /** How its machine, versions and settings differ from this run's; empty where they don't. */
    readonly differences: readonly string[];
  } | null;
  /** null: every image was run. */
  readonly sequential: SequentialRun | null;
  /** Models that are compared with something, or that a gate is asked of. */
  readonly models: readonly CheckedModel[];
  readonly gates: GateReport;
}

/** How a sequential check went as a whole. */
export interface SequentialRun {
  readonly seed: number;
  /** candidates: the seed follows from the files under test; given: the command line named it. */
  readonly seedFrom: 'candidates' | 'given';
  /** Earlier looks at the same candidates on the same images that asked otherwise: each adds its error rates. */
  readonly otherLooks: readonly {
    readonly at: string;
    readonly seed: number;
    readonly imagesSeen: number;
    readonly outcome: 'pass' | 'fail' | 'undecided';
  }[];
  /** How the order was drawn from the seed. */
  readonly method: string;
  /** Of ids and labels of the whole list. */
  readonly listDigest: Sha256;
  /** N. */
  readonly population: number;
  /** Chance at most of any false fail, and of any false pass, over all tests. */
  readonly errorRate: number;
  /** Tests that share it evenly. */
  readonly tests: number;
  /** Images of the random order that were used, from its start. */
  readonly imagesSeen: number;
  /** decided: every model is finished; limit: told to stop before; exhausted: all images were seen. */
  readonly ended: 'decided' | 'limit' | 'exhausted';
}

/** One gate's sequential test. A change is +1 for an image that counts against the candidate, -1 for one that counts for it. */
export interface SequentialTestRecord {
  readonly gate: ModelGates['verdicts'][number]['gate'];
  /** D: the largest sum of changes over all images that passes. */
  readonly maxImages: number;
  readonly errorRate: number;
  readonly outcome: SequentialOutcome;
  /** Of the sum over ALL images, in images; valid at whatever image the test stopped. */
  readonly interval: { readonly lower: number; readonly upper: number };
  readonly confidence: number;
}

export interface CheckedModel {
  readonly name: string;
  readonly sha256: Sha256;
  readonly against: string | null;
  /** Images on which both were compared. */
  readonly images: number;
  /** How the candidate differs from the baseline's model besides its predictions. */
  readonly notes: readonly string[];
  readonly candidate: ScoreFacts;
  readonly reference: ScoreFacts | null;
  /** null without a reference, and after an early stop: its intervals and tests are for a fixed number of images. */
  readonly comparison: ComparisonSummary | null;
  readonly scoreDrift: ScoreDrift | null;
  /** Why `scoreDrift` is null or means little. */
  readonly scoreDriftNote: string | null;
  readonly tests: readonly SequentialTestRecord[];
}

/** Counts over the compared images. */
export interface ScoreFacts {
  readonly top1: number;
  readonly top5: number;
  readonly tiedTop: number;
  readonly saturation: ModelSummary['saturation'];
}
