import * as z from 'zod';
import type { Prediction, Sha256 } from '../domain/domain.js';
import { StoreError } from '../domain/errors.js';
import type { BadImage } from '../record/provenance.js';
import { double } from '../domain/values.js';
import { startOver, type ListedImage } from './journal-header.js';

/** An image of the run's list with the SHA-256 of its encoded file. */
export interface JournalImage extends ListedImage {
  readonly sha256: Sha256;
}

/** An image that can't be used; `sha256` is null where not even its bytes could be read. */
export interface JournalBadImage extends ListedImage, Omit<BadImage, 'label'> {
  readonly sha256: Sha256 | null;
}

/** What some of the run's models say of one image, or the reason for having none. */
export type JournalEntry =
  | {
      readonly kind: 'predictions';
      readonly image: JournalImage;
      /** `model` is an index into the header's models. */
      readonly predictions: readonly { readonly model: number; readonly prediction: Prediction }[];
    }
  | { readonly kind: 'bad'; readonly image: JournalBadImage };

const place = { n: z.number(), id: z.string(), label: z.number() };
const shape = z.union([
  z.strictObject({
    ...place,
    sha256: z.string(),
    /** model, classes, scores, labelAbove, labelTied, tiedTop, logSumExp; a 1 at the end if invalid */
    p: z.array(
      z.tuple(
        [z.number(), z.array(z.number()), z.array(double), z.number(), z.number(), z.number(), double],
        z.literal(1),
      ),
    ),
  }),
  z.strictObject({
    ...place,
    bad: z.strictObject({ sha256: z.string().nullable(), code: z.string(), message: z.string() }),
  }),
]);

/** An entry as one line of JSON holds it. */
export function encodeEntry(entry: JournalEntry): z.input<typeof shape> {
  return z.encode(shape, lineOf(entry));
}

function lineOf(entry: JournalEntry): z.output<typeof shape> {
  const { index, id, label, sha256 } = entry.image;
  if (entry.kind === 'bad') {
    const { code, message } = entry.image;
    return { n: index, id, label, bad: { sha256, code, message } };
  }
  return {
    n: index,
    id,
    label,
    sha256: entry.image.sha256,
    p: entry.predictions.map(({ model, prediction }) => {
      const { classes, scores, labelAbove, labelTied, tiedTop, logSumExp, invalid } = prediction;
      return [
        model,
        [...classes],
        [...scores],
        labelAbove,
        labelTied,
        tiedTop,
        logSumExp,
        ...(invalid ? [1 as const] : []),
      ];
    }),
  };
}

/** @throws StoreError if a line with a sound checksum is no entry: another program wrote it */
export function decodeEntry(value: unknown, file: string, line: number): JournalEntry {
  const parsed = shape.safeParse(value);
  if (!parsed.success)
    throw new StoreError({
      code: 'journal-format',
      what: `line ${line} is no entry that this program writes`,
      where: file,
      remedy: startOver,
    });
  const { n: index, id, label } = parsed.data;
  if ('bad' in parsed.data) return { kind: 'bad', image: { index, id, label, ...parsed.data.bad } };
  return {
    kind: 'predictions',
    image: { index, id, label, sha256: parsed.data.sha256 },
    predictions: parsed.data.p.map(
      ([model, classes, scores, labelAbove, labelTied, tiedTop, logSumExp, ...invalid]) => ({
        model,
        prediction: {
          classes,
          scores,
          labelAbove,
          labelTied,
          tiedTop,
          logSumExp,
          invalid: invalid.length > 0,
        },
      }),
    ),
  };
}
