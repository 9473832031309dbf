import type { ClassIndex, ImageId, Prediction } from '../domain/domain.js';
import { referenceOf } from './comparison.js';
import type { ModelRecord, RunRecord } from '../record/run-record.js';
import { confidence, scoreKind, type ScoreKind } from './scores.js';

export type FlipKind = 'lost' | 'gained' | 'both-wrong';

/** What one model said of an image that the two see differently. */
export interface FlipSide {
  /** Null: the row was invalid. */
  readonly class: ClassIndex | null;
  readonly score: number | null;
  /** In [0, 1]; null where the scores have no confidence. */
  readonly confidence: number | null;
}

/** An image to which a model and the one it is compared with give different Top-1 classes. */
export interface Flip {
  readonly model: string;
  readonly compareWith: string;
  readonly image: ImageId;
  /** Place in `record.samples`. */
  readonly at: number;
  readonly label: ClassIndex;
  /** lost: only the other model is right; gained: only this model is. */
  readonly kind: FlipKind;
  readonly reference: FlipSide;
  readonly candidate: FlipSide;
}

/**
 * Disagreements of a model with the one it is compared with on the Top-1 class, in the order of the images; none where it
 * is compared with none. Made one after the other: of ten models over 50 000 images a list of them takes 80 MB.
 */
export function* flips(model: ModelRecord, record: RunRecord): Generator<Flip> {
  const reference = referenceOf(model, record);
  if (reference === null) return;
  const [kind, referenceKind] = [scoreKind(model), scoreKind(reference)];
  for (const [at, { id, label }] of record.samples.entries()) {
    const [said, before] = [model.predictions.at(at)!, reference.predictions.at(at)!];
    const [after, first] = [said.classes[0], before.classes[0]];
    if (first === after && first !== undefined) continue;
    yield {
      model: model.name,
      compareWith: reference.name,
      image: id,
      at,
      label,
      kind: first === label ? 'lost' : after === label ? 'gained' : 'both-wrong',
      reference: flipSide(before, referenceKind),
      candidate: flipSide(said, kind),
    };
  }
}

function flipSide(prediction: Prediction, kind: ScoreKind): FlipSide {
  return {
    class: prediction.classes[0] ?? null,
    score: prediction.scores[0] ?? null,
    confidence: confidence(prediction, kind),
  };
}
