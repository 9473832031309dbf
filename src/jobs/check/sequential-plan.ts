import type { GatesInput } from '../../config/schema.js';
import { ConfigError, StoreError } from '../../domain/errors.js';
import type { Plan } from '../run/options.js';
import type { RunModel } from '../run/run-models.js';
import { missing, type GateVerdict } from '../../metrics/verdict.js';
import { reproductionVerdict } from '../../metrics/reproduction.js';
import type { Population } from '../../metrics/population.js';
import { documentedTop1 } from '../../record/documented-figure.js';
import { comparability } from '../../report/summary.js';
import { askables, askedGates, gateUnit } from './asked-gates.js';
import { noReference } from './judge.js';
import { plannedReference, type OpenBaseline } from './reference.js';
import type { TestedModel } from './sequential-sampling.js';
import { SequentialTest } from './sequential-test.js';

/** A gate that a model is asked: by a test, or undecided from the start. */
export type AskedGate =
  | { readonly kind: 'test'; readonly test: SequentialTest }
  | { readonly kind: 'open'; readonly verdict: GateVerdict };

export interface SequentialPlan {
  /** Models with a test. */
  readonly tested: readonly TestedModel[];
  /** By model of the run. */
  readonly asked: readonly (readonly AskedGate[])[];
  /** Of all models. */
  readonly tests: number;
}

/**
 * The tests of a sequential check, all fixed before the first image; they share the error rate evenly.
 * @throws ConfigError where no gate can be tested; StoreError where the baseline lacks an image
 */
export function planTests(
  plan: Plan,
  gates: GatesInput,
  baseline: OpenBaseline | null,
  errorRate: number,
): SequentialPlan {
  const population = listedPopulation(plan, gates);
  const references = plan.models.map((_, model) => referenceFor(model, plan, baseline));
  const able = askables(plan.models, baseline !== null);
  const draft = plan.models.map((model, index) =>
    askedGates(gates, able, able[index]!).map(({ gate, limit }) => ({
      gate,
      limit,
      obstacle: obstacleOf(gate, model, plan, references[index]!, baseline),
    })),
  );
  const tests = draft.flat().filter(({ obstacle }) => obstacle === null).length;
  if (tests === 0) throw nothingToTest(draft.flat().map(({ obstacle }) => obstacle ?? ''));
  const asked = draft.map((list, index) =>
    list.map(({ gate, limit, obstacle }): AskedGate => {
      if (obstacle !== null || gate === 'max_class_drop')
        return {
          kind: 'open',
          verdict: missing({ gate, unit: gateUnit(gate), limit }, obstacle ?? ''),
        };
      const { documented } = plan.models[index]!;
      return {
        kind: 'test',
        test: new SequentialTest({
          gate,
          limit,
          documented: documentedTop1(documented),
          population:
            gate === 'max_top1_drop_vs_documented'
              ? { ...population, images: documented!.images }
              : population,
          listed: plan.samples.length,
          errorRate: errorRate / tests,
        }),
      };
    }),
  );
  const tested = asked.flatMap((list, model): TestedModel[] => {
    const own = list.flatMap((one) => (one.kind === 'test' ? [one.test] : []));
    return own.length === 0 ? [] : [{ model, reference: references[model] ?? (() => null), tests: own }];
  });
  return { tested, asked, tests };
}

/** What a model is compared with, sample by sample; null where there is nothing. */
function referenceFor(
  model: number,
  plan: Plan,
  baseline: OpenBaseline | null,
): TestedModel['reference'] | null {
  const reference = plannedReference(model, plan, baseline);
  if (reference === null) return null;
  if (reference.kind === 'model') return (_, row) => row[reference.model]!;
  const { samples } = plan;
  const absent = samples.filter((_, sample) => reference.prediction(sample) === null).length;
  if (absent > 0)
    throw new StoreError({
      code: 'baseline-other-images',
      what: `${absent} of the ${samples.length} images are not in the baseline, and a sequential check draws from all of them`,
      where: reference.name,
      remedy: 'Save a baseline from a run on all of these images, or check without --sequential.',
    });
  return reference.prediction;
}

/** Why a gate can't be tested sequentially; null where it can. */
function obstacleOf(
  gate: GateVerdict['gate'],
  model: RunModel,
  plan: Plan,
  reference: TestedModel['reference'] | null,
  baseline: OpenBaseline | null,
): string | null {
  switch (gate) {
    case 'max_class_drop':
      return 'the drop of single classes is not tested sequentially: its classes have too few of the images seen. Check without --sequential';
    case 'max_ties':
      return null;
    case 'max_top1_drop_vs_documented':
      return documentedObstacle(model, plan);
    case 'max_top1_drop':
    case 'max_flip_rate':
    case 'min_agreement':
      if (reference !== null) return null;
      return baseline === null
        ? noReference(model.config.name)
        : `the baseline ${baseline.name} has no model "${model.config.name}"`;
  }
}

/** The images that the tests speak of, before it is known which of the listed ones can't be used. */
function listedPopulation({ dataset, samples }: Plan, gates: GatesInput): Population {
  return gates.population === 'these-images'
    ? { images: samples.length, unusable: 0 }
    : { images: dataset.population, unusable: dataset.leftOut };
}

/** Why the documented figure is not about this file and data set; a part of the data set is no obstacle. */
function documentedObstacle({ documented, sha256 }: RunModel, { dataset, samples }: Plan): string | null {
  const images = samples.length;
  const about = {
    manifest: dataset.manifest?.name ?? null,
    subset: dataset.subset,
    population: dataset.population,
  };
  const verdict = reproductionVerdict({
    // Only whether the two can be compared is asked here.
    correct: 0,
    images,
    documented: documentedTop1(documented),
    unusable: 0,
    tolerancePoints: 0,
    ...comparability(documented, sha256, about, images),
  });
  return verdict.status === 'none' && verdict.reason !== 'subset' ? verdict.rule : null;
}

function nothingToTest(obstacles: readonly string[]): ConfigError {
  return new ConfigError({
    code: 'nothing-to-test',
    what: `no gate can be tested sequentially:\n${[...new Set(obstacles)].map((text) => `  - ${text}`).join('\n')}`,
    where: null,
    remedy: 'Set `max_top1_drop` and a compare_with (or --baseline), or check without --sequential.',
  });
}
