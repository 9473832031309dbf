import * as z from 'zod';

/**
 * What a network was seen to do with several images in one call:
 * - `same-bits`: each image's scores are those that it has alone;
 * - `own-size`: other bits than alone, but for each image the same in whatever company;
 * - `other-images`: an image's scores depend on what else is in its batch;
 * - `one-at-a-time`: it fails on several images and runs on one;
 * - `random`: other scores in every call, whatever is in it.
 *
 * `why`: what shows it, an operator or onnxruntime's words; null where the scores themselves do.
 */
export const batchFinding = z.object({
  behaviour: z.enum(['same-bits', 'own-size', 'other-images', 'one-at-a-time', 'random']),
  why: z.string().nullable(),
});
/** What a network was seen to do with several images in one call: see `batchFinding`. */
export type BatchFinding = Readonly<z.infer<typeof batchFinding>>;
