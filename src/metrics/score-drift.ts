import type { Predictions } from '../domain/domain.js';
import * as z from 'zod';
import { assertAligned } from './aligned.js';
import { describe, distributionSchema } from './distribution.js';

/** Schema of how the top scores of two results differ. */
export const scoreDriftSchema = z
  .object({
    images: z.int().min(0).describe('Images whose top score is finite in both.'),
    without: z.int().min(0).describe('Images left out: invalid or infinite in either.'),
    changed: z.int().min(0).describe('Images whose top scores are not equal as numbers.'),
    meanAbsolute: z.number().nullable().describe('null without images.'),
    maxAbsolute: z.number().nullable().describe('null without images.'),
    maxAt: z
      .int()
      .nullable()
      .describe('Place of the first image with the largest difference; null without images.'),
    reference: distributionSchema.nullable(),
    candidate: distributionSchema.nullable(),
    difference: distributionSchema.nullable().describe('Candidate minus reference.'),
  })
  .describe("How the top scores of two results on the same images differ, in the models' score units.");
/** How the top scores of two results on the same images differ, in the models' score units. */
export type ScoreDrift = Readonly<z.infer<typeof scoreDriftSchema>>;

/**
 * Compares the top scores of two models, or of one model and its baseline, image by image; whichever class has them.
 * Scores of different units (float logits against raw quantized integers) can be computed but mean nothing.
 *
 * @throws RangeError if the lists differ in length
 */
export function scoreDrift(reference: Predictions, candidate: Predictions, bars = 20): ScoreDrift {
  assertAligned(reference, candidate);
  const first: number[] = [];
  const second: number[] = [];
  const difference: number[] = [];
  let changed = 0;
  let sum = 0;
  let worst: { size: number; at: number } | null = null;
  for (let at = 0; at < reference.length; at++) {
    const a = reference.at(at)!.scores[0];
    const b = candidate.at(at)!.scores[0];
    if (a === undefined || b === undefined || !Number.isFinite(a) || !Number.isFinite(b)) continue;
    first.push(a);
    second.push(b);
    difference.push(b - a);
    const size = Math.abs(b - a);
    if (size > 0) changed++;
    sum += size;
    if (worst === null || size > worst.size) worst = { size, at };
  }
  return {
    images: first.length,
    without: reference.length - first.length,
    changed,
    meanAbsolute: first.length === 0 ? null : sum / first.length,
    maxAbsolute: worst?.size ?? null,
    maxAt: worst?.at ?? null,
    reference: describe(first, bars),
    candidate: describe(second, bars),
    difference: describe(difference, bars),
  };
}
