import * as z from 'zod';
import { sha256 } from '../domain/values.js';
import { documentedInput } from '../record/documented-figure.js';

const httpUrl = z.url({ protocol: /^https?$/, error: 'expected an http or https address' });
const lfsSchema = z
  .strictObject({
    repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'expected owner/name'),
    commit: z.string().regex(/^[0-9a-f]{40}$/, 'expected a whole commit id'),
    path: z.string().min(1),
  })
  .describe('Place of the file in a GitHub repository that keeps it in Git LFS.');

/** Schema of a model manifest. */
export const modelManifestSchema = z
  .strictObject({
    kind: z.literal('model'),
    version: z.literal(1).describe('Version of this format.'),
    name: z.string().min(1),
    file: z
      .string()
      .min(1)
      .optional()
      .describe('Path of the model file, relative to the manifest, where it lies beside it.'),
    sha256: sha256.describe('SHA-256 of the model file.'),
    bytes: z.int().positive().describe('Size of the model file.'),
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
    documented: documentedInput
      .omit({ sha256: true })
      .required({ top1: true, dataset: true })
      .optional()
      .describe('The figure that was published for exactly this file.'),
  })
  .describe('A model file, where to get it, and the accuracy that was published for it.');
