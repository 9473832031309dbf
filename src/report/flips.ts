import type { ClassIndex, ImageId } from '../domain/domain.js';
import { referenceOf } from './comparison.js';
import type { RunRecord } from '../record/run-record.js';
import { confidence, scoreKind } from './scores.js';

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

/** All disagreements on the Top-1 class, model by model, in the order of the images. */
export function flips(record: RunRecord): Flip[] {
  const kinds = new Map(record.models.map((model) => [model, scoreKind(model)]));
  return record.models.flatMap((model) => {
    const reference = referenceOf(model, record);
    if (reference === null) return [];
    const side = (owner: typeof model, at: number): FlipSide => {
      const prediction = owner.predictions.at(at)!;
      return {
        class: prediction.classes[0] ?? null,
        score: prediction.scores[0] ?? null,
        confidence: confidence(prediction, kinds.get(owner)!),
      };
    };
    return record.samples.flatMap(({ id, label }, at): Flip[] => {
      const before = reference.predictions.at(at)!.classes[0];
      const after = model.predictions.at(at)!.classes[0];
      if (before === after && before !== undefined) return [];
      return [
        {
          model: model.name,
          compareWith: reference.name,
          image: id,
          at,
          label,
          kind: before === label ? 'lost' : after === label ? 'gained' : 'both-wrong',
          reference: side(reference, at),
          candidate: side(model, at),
        },
      ];
    });
  });
}
