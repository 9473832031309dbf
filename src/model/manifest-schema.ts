import { z } from 'zod';

const httpUrl = z.url({ protocol: /^https?$/, error: 'expected an http or https address' });

/** A figure in percent: a number, or its text where zeros at its end count ("74.40"). */
export const printedPercent = z
  .union([z.number().min(0).max(100), z.string().regex(/^(\d{1,2}(\.\d+)?|100(\.0+)?)$/)], {
    error: 'expected percent from 0 to 100, e.g. 74.38',
  })
  .refine((value) => Number(value) === 0 || Number(value) > 1, {
    error: 'this looks like a share of 1 where percent are due: write 74.38, not 0.7438',
  });

export const figureSchema = z
  .union([printedPercent, z.strictObject({ correct: z.int().nonnegative(), percent: printedPercent })])
  .describe('Accuracy in percent, alone or with the number of correct images.');

export const documentedSchema = z
  .strictObject({
    top1: figureSchema,
    top5: figureSchema.optional(),
    images: z.int().positive().describe('How many images the figure was made on.'),
    dataset: z.string().min(1).describe('Name of the data-set manifest, e.g. ilsvrc2012-val.'),
    source: z.string().min(1).describe('Where the figure is published.'),
    note: z.string().optional().describe('What one has to know of how it was made.'),
  })
  .describe('The figure that was published for exactly this file.');

const lfsSchema = z
  .strictObject({
    repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'expected owner/name'),
    commit: z.string().regex(/^[0-9a-f]{40}$/, 'expected a whole commit id'),
    path: z.string().min(1),
  })
  .describe('Place of the file in a GitHub repository that keeps it in Git LFS.');

export const modelManifestSchema = z
  .strictObject({
    kind: z.literal('model'),
    version: z.literal(1).describe('Version of this format.'),
    name: z.string().min(1),
    file: z
      .string()
      .min(1)
      .optional()
      .describe('Path of the ONNX file, relative to the manifest, where it lies beside it.'),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hexadecimal digits')
      .describe('SHA-256 of the ONNX file.'),
    bytes: z.int().positive().describe('Size of the ONNX file.'),
    url: httpUrl.optional().describe('Where to download it.'),
    download: z
      .strictObject({ urls: z.array(httpUrl).optional(), lfs: lfsSchema.optional() })
      .optional()
      .describe('Several places to download it from, tried in order.'),
    source: z.string().min(1).describe('Where the model comes from.'),
    license: z.string().min(1),
    recipe: z
      .string()
      .min(1)
      .optional()
      .describe('Name of the preprocessing recipe that the figure was made with.'),
    documented: documentedSchema.optional(),
  })
  .describe('A model file, where to get it, and the accuracy that was published for it.');
