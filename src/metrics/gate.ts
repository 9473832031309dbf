import type { Interval } from './interval.js';

/** The gates by the names that a config uses. Limits are in points or percent of images. */
export type GateName =
  | 'max_top1_drop'
  | 'max_top1_drop_vs_documented'
  | 'max_flip_rate'
  | 'max_ties'
  | 'max_class_drop'
  | 'min_agreement';

/** What a gate rests on. */
export type GateBasis =
  /** All images of the data set were counted: the figure is exact for it. */
  | 'exact'
  /** A subset was counted: the interval decides, or does not. */
  | 'interval'
  /** The sequential test decided, or its limit came first. */
  | 'sequential'
  /** The sequential test ended the run early, and this gate's interval is for runs of a fixed length only. */
  | 'stopped-early'
  /** There is nothing to judge: `rule` says why. */
  | 'missing';

/** One gate's verdict with its evidence. Whatever is better than the reference passes. */
export interface GateVerdict {
  readonly gate: GateName;
  readonly status: 'pass' | 'fail' | 'undecided';
  /** 'points' of accuracy, or 'percent' of images. */
  readonly unit: 'points' | 'percent';
  readonly limit: number;
  /** In `unit`, not rounded; null if there is nothing to judge. */
  readonly measured: number | null;
  /** In `unit`, two-sided; null where the verdict does not rest on one. */
  readonly interval: Interval | null;
  readonly basis: GateBasis;
  /** Images behind `measured`. */
  readonly images: number;
  /** The rule and the reason, in words. */
  readonly rule: string;
}

/** What was counted, and how sure a verdict on a subset must be. */
export interface GateScope {
  /**
   * 'whole': every image of the data set. 'subset': a part whose size was fixed before the run. 'stopped-early': the
   * images that the sequential test took, whose number depends on what it saw.
   */
  readonly coverage: 'whole' | 'subset' | 'stopped-early';
  /** Confidence of the two-sided intervals on a subset, in (0, 1). */
  readonly confidence: number;
}

/** What every verdict of a gate begins with. */
export type GateHead = Pick<GateVerdict, 'gate' | 'unit' | 'limit' | 'images'>;

/** Absorbs the rounding of decimal points in binary: far below one image in a million. */
export const ROUNDING = 1e-9;

/** The verdict on the whole data set: no interval is needed. */
export function exact(head: GateHead, measured: number, within: boolean, rule: string): GateVerdict {
  return {
    ...head,
    status: within ? 'pass' : 'fail',
    measured,
    interval: null,
    basis: 'exact',
    rule: `${rule}; all images of the data set were counted, the figure is exact and a tie with the limit passes`,
  };
}

/**
 * The verdict on a part of the data set: the interval lies wholly within the limit (pass), wholly beyond it (fail) or
 * straddles it (undecided). Undecided too if the sequential test ended the run.
 *
 * @param interval in the gate's unit
 */
export function byInterval(
  head: GateHead,
  measured: number,
  interval: Interval,
  scope: GateScope,
  name: string,
  sense: 'at-most' | 'at-least' = 'at-most',
): GateVerdict {
  const { limit } = head;
  if (scope.coverage === 'stopped-early')
    return {
      ...head,
      status: 'undecided',
      measured,
      interval: null,
      basis: 'stopped-early',
      rule: `the sequential test ended the run early: ${name} holds for a number of images fixed before the run`,
    };
  const [allWithin, allBeyond] =
    sense === 'at-most'
      ? [interval.upper <= limit, interval.lower > limit]
      : [interval.lower >= limit, interval.upper < limit];
  const told = allWithin
    ? 'lies within the limit'
    : allBeyond
      ? 'lies beyond the limit'
      : 'straddles the limit';
  return {
    ...head,
    status: allWithin ? 'pass' : allBeyond ? 'fail' : 'undecided',
    measured,
    interval,
    basis: 'interval',
    rule: `only a part of the data set was counted: ${name} at confidence ${scope.confidence} ${told} of ${limit}`,
  };
}

/** Undecided for want of anything to judge. */
export function missing(head: GateHead, reason: string): GateVerdict {
  return { ...head, status: 'undecided', measured: null, interval: null, basis: 'missing', rule: reason };
}
