import type { ImageId } from '../domain.js';
import { isCorrect } from '../metrics/top-k.js';
import { flips, type Flip, type FlipKind, type FlipSide } from './flips.js';
import type { RunRecord } from './record.js';
import { confidence, scoreKind } from './scores.js';

/** An image of the gallery: a disagreement, or, where no models are compared, one model's confident mistake. */
export type GalleryItem =
  | Flip
  | (Pick<Flip, 'model' | 'image' | 'at' | 'label' | 'candidate'> & {
      readonly kind: 'mistake';
      readonly compareWith: null;
      readonly reference: null;
    });

/** How many images a gallery shows unless told otherwise. */
export const GALLERY_SIZE = 48;

/** Of a gallery that could be filled with losses alone, this share goes to each kind. */
const shares = { lost: 0.6, gained: 0.25, 'both-wrong': 0.15 } as const satisfies Record<FlipKind, number>;

/**
 * The images most worth looking at, at most `max`, most severe first within losses, then gains, then images that both
 * models get wrong in different ways. Severe is where both models are sure. What one kind leaves free, others fill.
 */
export function galleryItems(record: RunRecord, max = GALLERY_SIZE): GalleryItem[] {
  const found = flips(record);
  if (found.length === 0)
    return record.models.every((model) => model.compareWith === null) ? mistakes(record, max) : [];
  const byKind = (kind: FlipKind): Flip[] =>
    found.filter((flip) => flip.kind === kind).sort((a, b) => severity(b) - severity(a) || a.at - b.at);
  const kinds = { lost: byKind('lost'), gained: byKind('gained'), 'both-wrong': byKind('both-wrong') };
  const room = { lost: 0, gained: 0, 'both-wrong': 0 };
  let left = max;
  for (const kind of ['lost', 'gained', 'both-wrong'] as const) {
    room[kind] = Math.min(kinds[kind].length, Math.floor(max * shares[kind]));
    left -= room[kind];
  }
  for (const kind of ['lost', 'gained', 'both-wrong'] as const) {
    const extra = Math.min(left, kinds[kind].length - room[kind]);
    room[kind] += extra;
    left -= extra;
  }
  return (['lost', 'gained', 'both-wrong'] as const).flatMap((kind) => kinds[kind].slice(0, room[kind]));
}

/** The ids whose thumbnails a run should make for `Report.thumbnails`, at most `max`, each once. */
export function galleryChoice(record: RunRecord, max = GALLERY_SIZE): ImageId[] {
  return [...new Set(galleryItems(record, max).map((item) => item.image))];
}

/** In [0, 2]; scores without confidence give 0, and the order of the data set decides. */
function severity({ reference, candidate }: { reference: FlipSide | null; candidate: FlipSide }): number {
  return (reference?.confidence ?? 0) + (candidate.confidence ?? 0);
}

function mistakes(record: RunRecord, max: number): GalleryItem[] {
  const all = record.models.flatMap((model) => {
    const kind = scoreKind(model);
    return record.samples.flatMap(({ id, label }, at): GalleryItem[] => {
      const prediction = model.predictions[at]!;
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
