import type { ClassIndex, Prediction } from '../domain/domain.js';
import { ByteReader, ByteWriter } from './byte-stream.js';
import { decodeScores, encodeScores, type ScoreDetail } from './score-column.js';

/** Further than five above, a label is wrong at every k the harness knows: how far is not kept. */
export const ABOVE_LIMIT = 5;

/**
 * One model's predictions as  Classes are written as places in a list of likely ones: the label, then what the
 * model before said; so a model that mostly agrees with the one before costs little.
 *
 * @param before predictions of the model written before, or null
 */
export function encodePredictions(
  labels: readonly ClassIndex[],
  predictions: readonly Prediction[],
  before: readonly Prediction[] | null,
  detail: ScoreDetail,
): Buffer {
  const counts = new ByteWriter();
  const places = new ByteWriter();
  const ranks = new ByteWriter();
  const low = new ByteWriter();
  const high = new ByteWriter();
  predictions.forEach((prediction, image) => {
    const { classes, labelAbove, labelTied, tiedTop, invalid } = prediction;
    counts.byte(classes.length | (invalid ? INVALID : 0));
    ranks.byte(Math.min(labelAbove, ABOVE_LIMIT));
    ranks.varint(labelTied);
    ranks.varint(tiedTop);
    const likely = likelyClasses(labels[image]!, before?.[image]);
    for (const index of classes) {
      const place = likely.indexOf(index);
      places.byte(place + 1);
      if (place !== -1) likely.splice(place, 1);
      else {
        low.byte(index & 0xff);
        high.varint(index >>> 8);
      }
    }
  });
  const scores = encodeScores(
    predictions.map((prediction) => prediction.scores[0] ?? null),
    detail,
  );
  const writer = new ByteWriter();
  for (const column of [counts.bytes, places.bytes, ranks.bytes, low.bytes, high.bytes, scores]) {
    writer.varint(column.length);
    writer.block(column);
  }
  return writer.bytes;
}

export interface DecodedPredictions {
  readonly predictions: readonly Prediction[];
  /** By how much at most a top score differs from what it was. */
  readonly scorePrecision: number;
}

/** @throws RangeError if `encodePredictions` did not make these bytes for these labels */
export function decodePredictions(
  labels: readonly ClassIndex[],
  bytes: Buffer,
  before: readonly Prediction[] | null,
): DecodedPredictions {
  const reader = new ByteReader(bytes);
  const column = () => reader.block(reader.varint());
  const counts = new ByteReader(column());
  const places = new ByteReader(column());
  const ranks = new ByteReader(column());
  const low = new ByteReader(column());
  const high = new ByteReader(column());
  const { scores, precision } = decodeScores(column());
  const predictions = labels.map((label, image): Prediction => {
    const count = counts.byte();
    const likely = likelyClasses(label, before?.[image]);
    const classes = Array.from({ length: count & ~INVALID }, () => {
      const place = places.byte();
      return place === 0 ? low.byte() + 256 * high.varint() : likely.splice(place - 1, 1)[0]!;
    });
    const score = scores[image];
    return {
      classes,
      scores: score === null || score === undefined ? [] : [score],
      labelAbove: ranks.byte(),
      labelTied: ranks.varint(),
      tiedTop: ranks.varint(),
      logSumExp: NaN,
      invalid: (count & INVALID) !== 0,
    };
  });
  return { predictions, scorePrecision: precision };
}

const INVALID = 0x80;

function likelyClasses(label: ClassIndex, before: Prediction | undefined): ClassIndex[] {
  return [...new Set([label, ...(before?.classes ?? [])])];
}
