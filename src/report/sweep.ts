import type { Recipe } from 'reference-pixels/recipe';
import type { Sha256 } from '../domain/domain.js';
import type { DocumentedFigure } from '../record/documented-figure.js';

/** What `sweep` found: the content of sweep.json. */
export interface SweepRecord {
  readonly format: 'onnx-imagenet-eval/sweep';
  readonly version: 1;
  readonly tool: { readonly name: string; readonly version: string };
  readonly command: string;
  readonly startedAt: string;
  readonly seconds: number;
  readonly dataset: string;
  /** Images of the whole list. */
  readonly population: number;
  /** Images that a recipe was shown at most: the first of one random order with this seed. */
  readonly images: number;
  readonly seed: number;
  readonly model: {
    readonly name: string;
    readonly file: string;
    readonly sha256: Sha256;
    readonly documented: DocumentedFigure | null;
  };
  /** false: every recipe saw all images. */
  readonly eliminated: boolean;
  /** Chance at most of dropping the recipe that is truly best. */
  readonly errorRate: number;
  /** Of the intervals: 95 % shared among the looks at which a recipe could be dropped. */
  readonly confidence: number;
  /** What the recipes are ranked by. */
  readonly target: 'accuracy' | 'documented';
  /** Where the best recipe differs from the config's own beyond chance; empty where it doesn't, or a list was given. */
  readonly findings: readonly SweepFinding[];
  /** The best recipe as a config has it. */
  readonly yaml: string;
  /** Best first. */
  readonly recipes: readonly SweptRecipe[];
}

/** One side of the recipe that the config names, found to be wrong. */
export interface SweepFinding {
  readonly axis: 'channel order' | 'scaling' | 'resize and crop';
  /** What fits, and what the config's recipe says. */
  readonly best: string;
  readonly config: string;
  /** Images that were seen with either, everything else being equal. */
  readonly images: number;
  /** Images that are right with the best only, and with the config's only. */
  readonly gained: number;
  readonly lost: number;
  readonly mcnemarMidP: number;
  /** Images after which it was certain at the sweep's error rate. */
  readonly certainAt: number;
}

export interface SweptRecipe {
  /** Name of a listed recipe that does the same, or null. */
  readonly name: string | null;
  readonly label: string;
  readonly recipe: Recipe;
  readonly sha256: Sha256;
  /** best; tied: not told apart from the best; worse: seen on all images and clearly no fit; dropped: before that. */
  readonly status: 'best' | 'tied' | 'worse' | 'dropped';
  readonly images: number;
  readonly top1: number;
  readonly top5: number;
  readonly percent: number | null;
  /** Wilson's, in percent. */
  readonly interval: readonly [number, number];
  /** Against the best on the images that both saw, in points; negative is worse. null for the best. */
  readonly difference: {
    readonly points: number;
    /** Tango's. */
    readonly interval: readonly [number, number];
    readonly images: number;
    readonly lost: number;
    readonly gained: number;
    readonly mcnemarMidP: number;
  } | null;
  /** Two-sided exact binomial p of this count where the recipe has the documented accuracy; null without a figure. */
  readonly explainsP: number | null;
  /** Measured minus documented Top-1 in points; null without a documented figure. */
  readonly fromDocumented: number | null;
}
