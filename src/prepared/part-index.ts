import * as z from 'zod';

/** What stands beside a part's `.npy` file, as JSON. */
export const partIndex = z.object({
  version: z.literal(1),
  height: z.int().positive(),
  width: z.int().positive(),
  dtype: z.enum(['uint8', 'float32']),
  /** SHA-256 of the `.npy` file's bytes after its header. */
  sha256: z.string(),
  /** By row: id, label, SHA-256 of the encoded file that it was made from, CRC-32 of the row's bytes. */
  images: z.array(z.tuple([z.string(), z.int(), z.string(), z.int()])),
});
/** What stands beside a part's `.npy` file: see `partIndex`. */
export type PartIndex = z.infer<typeof partIndex>;
