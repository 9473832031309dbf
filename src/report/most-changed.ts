import type { ClassIndex } from '../domain/domain.js';
import type { ModelSummary, Summary } from './summary-schema.js';

/** A class's correct images under a model and the one it is compared with. */
export interface ClassChange {
  readonly class: ClassIndex;
  readonly images: number;
  readonly reference: number;
  readonly candidate: number;
}

/** Every class that has images, in index order; empty for a model that is compared with none. */
export function classChanges(model: ModelSummary, summary: Summary): ClassChange[] {
  const reference = summary.models.find((other) => other.name === model.comparison?.with);
  if (reference === undefined) return [];
  return model.perClass.images.flatMap((images, index) =>
    images === 0
      ? []
      : [
          {
            class: index,
            images,
            reference: reference.perClass.top1[index] ?? 0,
            candidate: model.perClass.top1[index] ?? 0,
          },
        ],
  );
}

/** The classes that lost most images, most first; those that lost none are not among them. */
export function mostChanged(model: ModelSummary, summary: Summary, limit: number): ClassChange[] {
  return classChanges(model, summary)
    .filter((change) => change.candidate < change.reference)
    .sort((a, b) => a.candidate - a.reference - (b.candidate - b.reference) || a.class - b.class)
    .slice(0, limit);
}
