import type { ImageId } from '../domain/domain.js';
import { isCorrect } from '../metrics/top-k.js';
import { flips, type Flip, type FlipKind, type FlipSide } from './flips.js';
import type { ModelRecord, RunRecord } from '../record/run-record.js';
import { GALLERY_SIZE } from './gallery-size.js';
import { confidence, scoreKind } from './scores.js';

/** An image of the gallery: a disagreement, or, where no models are compared, one model's confident mistake. */
export type GalleryItem =
  | Flip
  | (Pick<Flip, 'model' | 'image' | 'at' | 'label' | 'candidate'> & {
      readonly kind: 'mistake';
      readonly compareWith: null;
      readonly reference: null;
    });

/** Of a gallery that could be filled with losses alone, this share goes to each kind. */
const shares = { lost: 0.6, gained: 0.25, 'both-wrong': 0.15 } as const satisfies Record<FlipKind, number>;

const kinds = ['lost', 'gained', 'both-wrong'] as const satisfies readonly FlipKind[];

/**
 * The images most worth looking at, at most `max`, the same number for each compared model: losses, then gains, then
 * images that both get wrong in different ways, each most severe first. Severe is where both models are sure. What
 * one model or kind leaves free, others fill.
 */
export function galleryItems(record: RunRecord, max = GALLERY_SIZE): GalleryItem[] {
  const found = record.models
    .map((model) => ofModel(model, record, max))
    // The model with fewest flips first: what it leaves free goes to the others.
    .filter(({ count }) => count > 0)
    .sort((a, b) => a.count - b.count);
  if (found.length === 0)
    return record.models.every((model) => model.compareWith === null) ? mistakes(record, max) : [];
  let left = max;
  const chosen = found.flatMap(({ worst }, at) => {
    const some = mostSevere(worst, Math.floor(left / (found.length - at)));
    left -= some.length;
    return some;
  });
  return chosen.sort(
    (a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || severity(b) - severity(a) || a.at - b.at,
  );
}

interface FlipsOfModel {
  readonly count: number;
  /** By kind, most severe first, no more than could be chosen. */
  readonly worst: readonly (readonly Flip[])[];
}

function ofModel(model: ModelRecord, record: RunRecord, max: number): FlipsOfModel {
  const found = [...flips(model, record)];
  const worst = kinds.map((kind) => severest(found.filter((flip) => flip.kind === kind)).slice(0, max));
  return { count: found.length, worst };
}

/** At most `max` of one model's flips, by kind within their shares, then by what room is left. */
function mostSevere(worst: readonly (readonly Flip[])[], max: number): Flip[] {
  const room = worst.map((list, at) => Math.min(list.length, Math.floor(max * shares[kinds[at]!])));
  let left = max - room.reduce((sum, taken) => sum + taken, 0);
  return worst.flatMap((list, at) => {
    const extra = Math.min(left, list.length - room[at]!);
    left -= extra;
    return list.slice(0, room[at]! + extra);
  });
}

/** The ids whose thumbnails a run should make for `Report.thumbnails`, at most `max`, each once. */
export function galleryChoice(record: RunRecord, max = GALLERY_SIZE): ImageId[] {
  return [...new Set(galleryItems(record, max).map((item) => item.image))];
}

/** Those where both models are most sure first, then in the order of the data set. */
export function severest<T extends Flip>(found: readonly T[]): T[] {
  return [...found].sort((a, b) => severity(b) - severity(a) || a.at - b.at);
}

/** In [0, 2]; scores without confidence give 0, and the order of the data set decides. */
function severity({ reference, candidate }: { reference: FlipSide | null; candidate: FlipSide }): number {
  return (reference?.confidence ?? 0) + (candidate.confidence ?? 0);
}

function mistakes(record: RunRecord, max: number): GalleryItem[] {
  const all = record.models.flatMap((model) => {
    const kind = scoreKind(model);
    return record.samples.flatMap(({ id, label }, at): GalleryItem[] => {
      const prediction = model.predictions.at(at)!;
      const [top] = prediction.classes;
      if (top === undefined || isCorrect(prediction.classes, label, 1)) return [];
      const candidate = {
        class: top,
        score: prediction.scores[0] ?? null,
        confidence: confidence(prediction, kind),
      };
      return [
        {
          model: model.name,
          compareWith: null,
          image: id,
          at,
          label,
          kind: 'mistake',
          reference: null,
          candidate,
        },
      ];
    });
  });
  return all.sort((a, b) => severity(b) - severity(a) || a.at - b.at).slice(0, max);
}
