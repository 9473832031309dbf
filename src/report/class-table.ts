import type { ClassIndex, ClassName } from '../domain/domain.js';
import { classDrift, type ClassDrift } from '../metrics/class-drift.js';
import { outcomes, referenceOf } from './comparison.js';
import type { RunRecord } from '../record/run-record.js';
import type { Summary } from './summary-schema.js';

export interface ClassRow {
  readonly class: ClassIndex;
  readonly wnid: string;
  readonly name: string;
  readonly images: number;
  /** One entry a model, in the run's order. */
  readonly models: readonly {
    readonly top1: number;
    readonly top5: number;
    /** Flips against the model it is compared with; null if it is compared with none. */
    readonly drift: Pick<ClassDrift, 'lost' | 'gained' | 'midP' | 'adjustedP'> | null;
  }[];
}

const unchanged = { lost: 0, gained: 0, midP: 1, adjustedP: 1 } as const;

/** Every class of the data set in index order, those without images included. */
export function classTable(record: RunRecord, summary: Summary): ClassRow[] {
  const labels = record.samples.map((sample) => sample.label);
  const drifts = record.models.map((model) => {
    const reference = referenceOf(model, record);
    if (reference === null) return null;
    const report = classDrift(labels, outcomes(reference, record, 1), outcomes(model, record, 1));
    return new Map(report.perClass.map((entry) => [entry.class, entry]));
  });
  return record.dataset.classes.map((entry: ClassName) => ({
    class: entry.index,
    wnid: entry.wnid,
    name: entry.name,
    images: summary.models[0]?.perClass.images[entry.index] ?? 0,
    models: summary.models.map(({ perClass }, at) => ({
      top1: perClass.top1[entry.index] ?? 0,
      top5: perClass.top5[entry.index] ?? 0,
      drift: drifts[at] == null ? null : (drifts[at].get(entry.index) ?? unchanged),
    })),
  }));
}
