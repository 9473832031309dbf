import * as z from 'zod';

import { badImage, modelFacts, recipeSchema } from '../record/provenance.js';
import { countOf, sha256 } from '../domain/values.js';

/** Files of a folder of tensors, as `imagenet-eval tensors` writes it, besides its parts. */
export const tensorsFiles = { note: 'tensors.json', index: 'index.csv' } as const;

/** Columns of index.csv: a line an image, in the order of the parts' rows. */
export const indexColumns = ['id', 'label', 'sha256', 'part', 'row'] as const;

/** tensors.json: what the tensors are, and what they were made for. */
export const tensorsNote = z.object({
  format: z.literal('onnx-imagenet-eval/tensors'),
  version: z.literal(1),
  model: z.object({ name: z.string(), file: z.string(), sha256 }),
  recipe: recipeSchema,
  recipeSha256: sha256,
  facts: modelFacts,
  /** Of the values in the parts, as numpy calls it. */
  dtype: z.enum(['float32', 'float16', 'uint8', 'int8']),
  images: countOf,
  parts: z.array(z.object({ file: z.string(), rows: countOf, sha256 })),
  /** Images that have no tensor. */
  badImages: z.array(badImage),
});
/** What tensors.json of a folder of tensors says. */
export type TensorsNote = Readonly<z.infer<typeof tensorsNote>>;
