import * as z from 'zod';

/** The gates by the names that a config uses. Limits are in points or percent of images. */
export const gateNames = [
  'max_top1_drop',
  'max_top1_drop_vs_documented',
  'max_flip_rate',
  'max_ties',
  'max_class_drop',
  'min_agreement',
] as const;

/** Name of a gate, as a config has it. */
export type GateName = (typeof gateNames)[number];

/** One gate's verdict with its evidence, in memory and in files. */
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
    .enum(['exact', 'bounds', 'interval', 'sequential', 'same-file', 'missing'])
    .describe(
      'exact: all images were counted. bounds: all but unusable ones were, and interval holds what these leave possible. interval: a part was counted, and its interval decides or does not. sequential: the sequential test decided, or its images came to an end first. same-file: candidate and reference are one file with one recipe. missing: there is nothing to judge, rule says why.',
    ),
  images: z.int().min(0).describe('Images behind measured.'),
  population: z
    .int()
    .min(0)
    .nullable()
    .default(null)
    .describe('Images that the verdict speaks of; null: more than were counted, nobody says how many.'),
  pWithin: z
    .number()
    .nullable()
    .default(null)
    .describe(
      'One-sided p of non-inferiority: of counting this or better if the figure lay beyond the limit. null where no interval decides.',
    ),
  imagesToDecide: z
    .int()
    .nullable()
    .default(null)
    .describe(
      'Where undecided: images that would decide it if the figure stays as measured; null: none would, or unknown.',
    ),
  rule: z.string().describe('The rule and the reason, in words.'),
});

/** One gate's verdict with its evidence. */
export type GateVerdict = Readonly<z.infer<typeof gateVerdictSchema>>;

/** What every verdict of a gate begins with. */
export type GateHead = Pick<GateVerdict, 'gate' | 'unit' | 'limit'>;

/** What verdicts without statistics have in common. */
const plain = { interval: null, population: null, pWithin: null, imagesToDecide: null } as const;

/** Undecided for want of anything to judge. */
export function missing(head: GateHead, reason: string): GateVerdict {
  return {
    ...head,
    ...plain,
    status: 'undecided',
    measured: null,
    basis: 'missing',
    images: 0,
    rule: reason,
  };
}

/**
 * The same verdict where candidate and reference are one file with one recipe and gave the same predictions: nothing can
 * have become worse, on whatever images.
 */
export function sameFile(verdict: GateVerdict): GateVerdict {
  return {
    ...verdict,
    ...plain,
    status: 'pass',
    basis: 'same-file',
    rule: 'candidate and reference are the same file with the same recipe, and gave the same predictions: nothing has become worse, on whatever images',
  };
}
