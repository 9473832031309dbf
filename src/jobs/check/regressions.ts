import type { Plan } from '../run/options.js';
import type { GuardedReference, Regressions } from '../run/guard.js';
import type { OpenBaseline } from './reference.js';

/** What the guard said of models, by name. */
export type Suspicions = ReadonlyMap<string, string>;

/**
 * Lets a model that is near chance beside a healthy reference come to its verdict, and keeps what the guard says of it
 * as a finding.
 */
export function regressionsAgainst(baseline: OpenBaseline | null): {
  readonly regressions: (plan: Plan) => Regressions;
  readonly suspicions: Suspicions;
} {
  const suspicions = new Map<string, string>();
  return {
    suspicions,
    regressions: (plan) => ({
      referenceOf: (model) => referenceOf(model, plan, baseline),
      tell: (model, text) => suspicions.set(plan.models[model]!.config.name, text),
    }),
  };
}

function referenceOf(
  model: number,
  { models, samples }: Plan,
  baseline: OpenBaseline | null,
): GuardedReference | null {
  const { name, compareWith } = models[model]!.config;
  if (baseline === null) {
    const other = models.findIndex(({ config }) => config.name === compareWith);
    return other === -1 || other === model ? null : { kind: 'model', model: other };
  }
  const before = baseline.content.models.find((candidate) => candidate.name === name);
  if (before === undefined) return null;
  const placeOf = new Map(baseline.content.samples.map(({ id }, place) => [id, place]));
  return {
    kind: 'known',
    right(sample) {
      const { id, label } = samples[sample]!;
      const place = placeOf.get(id);
      return place === undefined ? null : before.predictions.at(place)!.classes[0] === label;
    },
  };
}
