import type { Prediction, Predictions } from '../../domain/domain.js';
import { predictionsAt } from '../../domain/prediction-list.js';
import { StoreError } from '../../domain/errors.js';
import { referenceOf } from '../../report/comparison.js';
import type { ModelRecord, RunRecord } from '../../record/run-record.js';
import type { Baseline } from '../../store/baseline.js';
import type { Plan } from '../run/options.js';
import { environmentDifferences } from './environment.js';

/** A model of a run beside what it is compared with, on the images that both know. */
export interface ComparedModel {
  readonly model: ModelRecord;
  /** Places in the run's samples that both know, ascending; all of them where there is no reference. */
  readonly places: readonly number[];
  /** `predictions` are aligned with `places`. */
  readonly reference: ComparedReference | null;
  /** Why there is no reference where one was asked for; null where there is one, or none was asked for. */
  readonly missing: string | null;
}

export interface ComparedReference {
  readonly name: string;
  readonly predictions: Predictions;
  /** It is the candidate's very file with the same recipe, run under conditions that give the same predictions. */
  readonly sameFile: boolean;
}

export interface OpenBaseline {
  readonly name: string;
  readonly content: Baseline;
}

/** What a model of a run that begins is compared with: another one of it, by its place, or what a baseline keeps. */
export type PlannedReference =
  | { readonly kind: 'model'; readonly model: number }
  | {
      readonly kind: 'baseline';
      readonly name: string;
      /** null where the baseline lacks the sample. */
      readonly prediction: (sample: number) => Prediction | null;
    };

/** null where there is nothing to compare it with. */
export function plannedReference(
  model: number,
  { models, samples }: Pick<Plan, 'models' | 'samples'>,
  baseline: OpenBaseline | null,
): PlannedReference | null {
  const { name, compareWith } = models[model]!.config;
  if (baseline === null) {
    const other = models.findIndex(({ config }) => config.name === compareWith);
    return other === -1 ? null : { kind: 'model', model: other };
  }
  const before = baseline.content.models.find((candidate) => candidate.name === name);
  if (before === undefined) return null;
  const placeOf = new Map(baseline.content.samples.map(({ id }, place) => [id, place]));
  return {
    kind: 'baseline',
    name: calledBaseline(baseline.name),
    prediction: (sample) => {
      const place = placeOf.get(samples[sample]!.id);
      return place === undefined ? null : before.predictions.at(place)!;
    },
  };
}

function calledBaseline(name: string): string {
  return `baseline ${name}`;
}

/** A compared model on some of its images, given by where they stand in its `places`. */
export function partOfCompared(compared: ComparedModel, chosen: readonly number[]): ComparedModel {
  const { places, reference } = compared;
  return {
    ...compared,
    places: chosen.map((at) => places[at]!),
    reference: reference && { ...reference, predictions: predictionsAt(reference.predictions, chosen) },
  };
}

/** Each model beside its place in the baseline, or beside its compare_with where there is none. */
export function comparedBy(record: RunRecord, baseline: OpenBaseline | null): ComparedModel[] {
  return baseline === null
    ? comparedByConfig(record)
    : comparedByBaseline(record, baseline.content, baseline.name);
}

/** Each model beside the one that its `compare_with` names. */
export function comparedByConfig(record: RunRecord): ComparedModel[] {
  const places = record.samples.map((_, place) => place);
  return record.models.map((model): ComparedModel => {
    const other = referenceOf(model, record);
    const reference = other && {
      name: other.name,
      predictions: other.predictions,
      sameFile: other.sha256 === model.sha256 && other.recipeSha256 === model.recipeSha256,
    };
    return { model, places, reference, missing: null };
  });
}

/**
 * Each model beside the baseline's model of the same name; images are matched by id.
 * @throws StoreError where an image that both know has other bytes or another label: the two are not comparable
 */
export function comparedByBaseline(record: RunRecord, baseline: Baseline, name: string): ComparedModel[] {
  const placeOf = new Map(baseline.samples.map(({ id }, place) => [id, place]));
  const common: { readonly place: number; readonly before: number }[] = [];
  const altered: string[] = [];
  record.samples.forEach(({ id, label, sha256 }, place) => {
    const before = placeOf.get(id);
    if (before === undefined) return;
    const known = baseline.samples[before]!;
    if (known.label !== label || !sha256.startsWith(known.sha256Prefix)) altered.push(id);
    else common.push({ place, before });
  });
  if (altered.length > 0) throw otherImages(name, altered);
  if (common.length === 0) throw otherImages(name, []);
  const places = common.map(({ place }) => place);
  const sameConditions = environmentDifferences(record, baseline).length === 0;
  return record.models.map((model): ComparedModel => {
    const before = baseline.models.find((candidate) => candidate.name === model.name);
    if (before === undefined) {
      const names = baseline.models.map((candidate) => `"${candidate.name}"`).join(', ');
      return {
        model,
        places: record.samples.map((_, place) => place),
        reference: null,
        missing: `the baseline ${name} has no model "${model.name}" (it has ${names})`,
      };
    }
    const predictions = predictionsAt(
      before.predictions,
      common.map((pair) => pair.before),
    );
    const sameFile =
      sameConditions && before.sha256 === model.sha256 && before.recipeSha256 === model.recipeSha256;
    return { model, places, reference: { name: calledBaseline(name), predictions, sameFile }, missing: null };
  });
}

function otherImages(name: string, altered: readonly string[]): StoreError {
  return new StoreError({
    code: 'baseline-other-images',
    what:
      altered.length === 0
        ? 'the baseline and this run have no image in common'
        : `${altered.length} images have other bytes or another label than in the baseline, e.g. ${altered.slice(0, 3).join(', ')}`,
    where: calledBaseline(name),
    remedy:
      'Compare on the images and labels that the baseline was made with, or save a new baseline from a run on these.',
  });
}
