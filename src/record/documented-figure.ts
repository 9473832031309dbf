import * as z from 'zod';
import { printedFigure, printedFigures, type PrintedFigure } from '../domain/printed-figure.js';
import { countOf, sha256 } from '../domain/values.js';

/** A figure somebody published for a model file, as a run's record has it. */
export const documentedFigure = z
  .object({
    top1: z.number().nullable(),
    top5: z.number().nullable(),
    top1Decimals: countOf
      .nullable()
      .default(null)
      .describe('Decimals that the source prints; null: those of the number.'),
    top5Decimals: countOf.nullable().default(null),
    images: countOf.describe('Images the figure was made on.'),
    dataset: z
      .string()
      .nullable()
      .describe('Name of the data-set manifest it was made on, e.g. `ilsvrc2012-val`; null if not stated.'),
    source: z.string(),
    sha256: sha256.nullable().describe('The model file that it was documented for; null if not stated.'),
  })
  .describe('The published figures, in percent as published.');
/** A figure that somebody published for a model file, in percent. */
export type DocumentedFigure = Readonly<z.infer<typeof documentedFigure>>;

/** The documented Top-1 as its source prints it; null where none is. */
export function documentedTop1(documented: DocumentedFigure | null): PrintedFigure | null {
  if (documented?.top1 == null) return null;
  const { percent, decimals } = printedFigure(documented.top1);
  return { percent, decimals: documented.top1Decimals ?? decimals };
}

/** A figure in percent: a number, or its text where zeros at its end count ("74.40"). */
const printedPercent = z
  .union([z.number().min(0).max(100), z.string().regex(/^(\d{1,2}(\.\d+)?|100(\.0+)?)$/)], {
    error: 'expected percent from 0 to 100, e.g. 74.38',
  })
  .refine((value) => Number(value) === 0 || Number(value) > 1, {
    error: 'this looks like a share of 1 where percent are due: write 74.38, not 0.7438',
  });

const figure = z.union([
  printedPercent,
  z.strictObject({
    correct: z.int().nonnegative().describe('How many images were right.'),
    percent: printedPercent.describe('The share of them in percent, as published.'),
  }),
]);

/** A documented figure as people write it: in a config beside a model, or in a model manifest. */
export const documentedInput = z
  .strictObject({
    top1: figure
      .optional()
      .describe(
        'Documented Top-1 in percent as the source prints it, e.g. 74.38: a measured figure that prints the same reproduces it. Alone, or with the number of correct images.',
      ),
    top5: figure.optional().describe('Documented Top-5, likewise.'),
    images: z
      .int()
      .positive()
      .describe('How many images the figure was made on; 50000 for the whole validation set.'),
    dataset: z
      .string()
      .min(1)
      .optional()
      .describe('Name of the data-set manifest it was made on, e.g. ilsvrc2012-val.'),
    source: z.string().min(1).describe('Where the figure is published.'),
    note: z.string().optional().describe('What one has to know of how it was made.'),
    sha256: sha256
      .optional()
      .describe('SHA-256 of the file that the figure was made with; the figure counts for no other file.'),
  })
  .describe('A figure that somebody published for this model file.');

/** What people wrote, as the record has it. */
export function documentedAs(input: Omit<z.output<typeof documentedInput>, 'note'>): DocumentedFigure {
  const percentOf = (given: z.output<typeof figure> | undefined) =>
    typeof given === 'object' ? given.percent : given;
  return {
    ...printedFigures(percentOf(input.top1), percentOf(input.top5)),
    images: input.images,
    dataset: input.dataset ?? null,
    source: input.source,
    sha256: input.sha256 ?? null,
  };
}
