import * as z from 'zod';

/** Schema of a SHA-256 as 64 lower-case hexadecimal digits. */
export const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hexadecimal digits')
  .describe('Lower-case hexadecimal SHA-256.');

/** A number of things. */
export const countOf = z.int().min(0);

/** What JSON has no number for. */
const unwritable = z.enum(['Infinity', '-Infinity', 'NaN', '-0']);

/** Any double: infinities, NaN and negative zero, which JSON lacks, are strings in the file and numbers in memory. */
export const double = z.codec(
  z.union([z.number(), unwritable]),
  z.custom<number>((value) => typeof value === 'number'),
  {
    decode: Number,
    encode: (value) =>
      Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : unwritable.parse(Object.is(value, -0) ? '-0' : String(value)),
  },
);

/** Percent, or percentage points. */
export const percentage = z.number().min(0).max(100);
