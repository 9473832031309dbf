import type { Plan } from '../run/options.js';
import type { GuardedReference, Regressions } from '../run/guard.js';
import { plannedReference, type OpenBaseline } from './reference.js';

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

function referenceOf(model: number, plan: Plan, baseline: OpenBaseline | null): GuardedReference | null {
  const reference = plannedReference(model, plan, baseline);
  if (reference?.kind !== 'baseline') return reference;
  return {
    kind: 'known',
    right(sample) {
      const prediction = reference.prediction(sample);
      return prediction === null ? null : prediction.classes[0] === plan.samples[sample]!.label;
    },
  };
}
