import { z } from 'zod';

import type { Interval } from './interval.js';

/** The gates by the names that a config uses. Limits are in points or percent of images. */
export const gateNames = [
  'max_top1_drop',
  'max_top1_drop_vs_documented',
  'max_flip_rate',
  'max_ties',
  'max_class_drop',
  'min_agreement',
] as const;

export type GateName = (typeof gateNames)[number];

/** One gate's verdict with its evidence, in memory and in files. Whatever is better than the reference passes. */
export const gateVerdictSchema = z.object({
  gate: z.enum(gateNames),
  status: z.enum(['pass', 'fail', 'undecided']),
  unit: z.enum(['points', 'percent']).describe('points of accuracy, or percent of images.'),
  limit: z.number(),
  measured: z.number().nullable().describe('In unit, not rounded; null if there is nothing to judge.'),
  interval: z
    .object({ lower: z.number(), upper: z.number() })
    .nullable()
    .describe('In unit, two-sided; null where the verdict does not rest on one.'),
  basis: z
    .enum(['exact', 'interval', 'sequential', 'missing'])
    .describe(
      'exact: all images were counted. interval: a subset was, and its interval decides or does not. sequential: the sequential test decided, or its limit came first. missing: there is nothing to judge, rule says why.',
    ),
  images: z.int().min(0).describe('Images behind measured.'),
  rule: z.string().describe('The rule and the reason, in words.'),
});

export type GateVerdict = Readonly<z.infer<typeof gateVerdictSchema>>;

/** What was counted, and how sure a verdict on a subset must be. */
export interface GateScope {
  /**
   * 'whole': every image of the data set. 'subset': a part whose size was fixed before the run.
   */
  readonly coverage: 'whole' | 'subset';
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
 * straddles it (undecided).
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
  const [allWithin, allBeyond] =
    sense === 'at-most'
      ? [interval.upper <= limit, interval.lower > limit]
      : [interval.lower >= limit, interval.upper < limit];
  const place = allWithin
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
    rule: `only a part of the data set was counted: ${name} at confidence ${scope.confidence} ${place} of ${limit}`,
  };
}

/** Undecided for want of anything to judge. */
export function missing(head: GateHead, reason: string): GateVerdict {
  return { ...head, status: 'undecided', measured: null, interval: null, basis: 'missing', rule: reason };
}
