import type { Prediction } from '../../domain/domain.js';
import { predictionsAt } from '../../domain/prediction-list.js';
import { isDeepStrictEqual } from 'node:util';

import type { GatesInput } from '../../config/schema.js';
import type { PrintedFigure } from '../../domain/printed-figure.js';
import { countChanges, type ChangeCount } from '../../metrics/change.js';
import { countingOf, type SummedGate } from '../../metrics/counting.js';
import { classDropGate, sumGate, type ClassCount } from '../../metrics/gates.js';
import { extentOf, type Population } from '../../metrics/population.js';
import { missing, sameFile, type GateHead, type GateName, type GateVerdict } from '../../metrics/verdict.js';
import { classNamer } from '../../report/class-name.js';
import { populationOf } from '../../report/comparison.js';
import type { GateReport, ModelGates } from '../../report/gate-schema.js';
import { documentedTop1 } from '../../record/documented-figure.js';
import type { RunRecord } from '../../record/run-record.js';
import type { ModelSummary, Summary } from '../../report/summary-schema.js';
import { askable, askedGates, gateUnit } from './asked-gates.js';
import { findings } from './findings.js';
import { comparedByConfig, partOfCompared, type ComparedModel } from './reference.js';
import type { Suspicions } from './regressions.js';

/**
 * Chance at most that any gate of a check is decided wrongly in one direction, and in the other: a two-sided 95 %
 * interval for one gate; several share it.
 */
export const GATE_ERROR = 0.05;

/** A gate before it is judged. */
type Asked =
  | { readonly kind: 'missing'; readonly verdict: GateVerdict }
  | {
      readonly kind: 'question';
      /** Images of its population are unseen, so that an interval with an error decides. */
      readonly unseen: boolean;
      readonly judge: (confidence: number) => GateVerdict;
    };

/**
 * Judges every model of a finished run by the gates of its config. A gate is asked of the models that it can be asked
 * of: those with a reference, those with a documented figure; max_ties of all. One that fits no model is undecided for
 * each of them rather than dropped in silence. Gates that an interval decides share the error evenly (Bonferroni).
 */
export function judge(
  record: RunRecord,
  summary: Summary,
  gates: GatesInput,
  compared: readonly ComparedModel[],
  suspicions: Suspicions = new Map(),
): GateReport {
  const askables = compared.map(askable);
  const asked = compared.map((one, index) =>
    askedGates(gates, askables, askables[index]!).map(({ gate, limit }) =>
      askedOf(gate, limit, record, summary.models[index]!, one, gates),
    ),
  );
  const sharing = asked.flat().filter((one) => one.kind === 'question' && one.unseen).length;
  const confidence = 1 - GATE_ERROR / Math.max(1, sharing);
  const models = compared.map((one, index): ModelGates => {
    const verdicts = asked[index]!.map((question) =>
      question.kind === 'missing' ? question.verdict : question.judge(confidence),
    );
    return modelGates(record, one, verdicts, suspicions);
  });
  return gateReport(gates, models);
}

/** What the gates of one model came to, with what in its scores explains it. */
export function modelGates(
  record: RunRecord,
  compared: ComparedModel,
  verdicts: readonly GateVerdict[],
  suspicions: Suspicions,
): ModelGates {
  return {
    model: compared.model.name,
    against: compared.reference?.name ?? null,
    verdicts: verdicts.map((verdict) => becauseSame(verdict, record, compared)),
    findings: verdicts.length === 0 ? [] : findingsOf(record, compared, suspicions),
  };
}

/** What the gates of a config came to. */
export function gateReport({ on_undecided: undecidedIs }: GatesInput, models: ModelGates[]): GateReport {
  return { undecidedIs: undecidedIs ?? 'fail', models };
}

/** `judge` by these gates, each model compared with its compare_with. */
export function judgeBy(
  gates: GatesInput,
  suspicions?: Suspicions,
): (record: RunRecord, summary: Summary) => GateReport {
  return (record, summary) => judge(record, summary, gates, comparedByConfig(record), suspicions);
}

function askedOf(
  gate: GateName,
  limit: number,
  record: RunRecord,
  summary: ModelSummary,
  compared: ComparedModel,
  gates: GatesInput,
): Asked {
  const head: GateHead = { gate, unit: gateUnit(gate), limit };
  const without = (reason: string): Asked => ({ kind: 'missing', verdict: missing(head, reason) });
  const population = gatedPopulation(record, gates.population);
  const ask = (
    summed: SummedGate,
    counted: ChangeCount,
    of: Population,
    documented?: PrintedFigure,
  ): Asked => ({
    kind: 'question',
    unseen: extentOf(counted.images, of).unseen > 0,
    judge: (confidence) => sumGate(summed, { limit, population: of, confidence }, counted, documented),
  });
  if (gate === 'max_ties')
    return ask(gate, countedFor(gate, record, everyImage(record, compared)), population);
  if (gate === 'max_top1_drop_vs_documented') {
    const obstacle = documentedObstacle(summary);
    if (obstacle !== null) return without(obstacle);
    const counted = countedFor(gate, record, everyImage(record, compared));
    const of = { ...population, images: summary.documented!.images };
    return ask(gate, counted, of, documentedTop1(summary.documented)!);
  }
  if (compared.reference === null) return without(withoutReference(compared));
  if (gate !== 'max_class_drop') return ask(gate, countedFor(gate, record, compared), population);
  const classes = classCounts(record, compared, population);
  return {
    kind: 'question',
    unseen: classes.some((one) => extentOf(one.counted.images, one.population).unseen > 0),
    judge: (confidence) => {
      const { verdict, deciding } = classDropGate({ limit, confidence }, classes);
      return deciding === null
        ? verdict
        : { ...verdict, rule: `${classNamer(record.dataset.classes)(deciding)}: ${verdict.rule}` };
    },
  };
}

/** The images that gates speak of. */
function gatedPopulation(
  { dataset, samples }: Pick<RunRecord, 'dataset' | 'samples'>,
  asked: GatesInput['population'],
): Population {
  const bad = dataset.badImages.length;
  return asked === 'these-images'
    ? { images: samples.length + bad, unusable: bad }
    : populationOf(dataset, samples.length);
}

/** A model on all images of the run, for the gates that need no reference. */
function everyImage(record: RunRecord, { model }: ComparedModel): ComparedModel {
  return { model, places: record.samples.map((_, place) => place), reference: null, missing: null };
}

function countedFor(gate: SummedGate, record: RunRecord, compared: ComparedModel): ChangeCount {
  const { change } = countingOf(gate);
  return countChanges(
    compared.places.map((place, at) =>
      change({
        label: record.samples[place]!.label,
        candidate: compared.model.predictions.at(place)!,
        reference: compared.reference?.predictions.at(at) ?? null,
      }),
    ),
  );
}

/** One count a class with images, in class order. An unusable image of unknown class may be of any. */
function classCounts(record: RunRecord, compared: ComparedModel, population: Population): ClassCount[] {
  const { dataset } = record;
  const places = new Map<number, number[]>();
  compared.places.forEach((place, at) => {
    const { label } = record.samples[place]!;
    const known = places.get(label);
    if (known === undefined) places.set(label, [at]);
    else known.push(at);
  });
  const unseen = extentOf(compared.places.length, population).unseen > 0;
  const named = dataset.badImages.filter(({ label }) => label !== null);
  const anywhere = population.unusable - named.length;
  return [...places]
    .sort(([a], [b]) => a - b)
    .map(([label, images]) => {
      const counted = countedFor('max_top1_drop', record, partOfCompared(compared, images));
      const unusable = anywhere + named.filter((image) => image.label === label).length;
      return {
        class: label,
        counted,
        population: { images: unseen ? null : counted.images + unusable, unusable },
      };
    });
}

/** A gate that compares is passed by the very same file, whatever it was asked; one that measures is not. */
function becauseSame(verdict: GateVerdict, record: RunRecord, compared: ComparedModel): GateVerdict {
  const { reference, model, places } = compared;
  if (reference?.sameFile !== true || verdict.gate === 'max_top1_drop_vs_documented') return verdict;
  const same = places.every((place, at) =>
    sameAnswer(model.predictions.at(place)!, reference.predictions.at(at)!),
  );
  return places.length > 0 && same ? sameFile(verdict) : verdict;
}

/** By all that a baseline keeps of a prediction: of the scores only the best. */
function sameAnswer(a: Prediction, b: Prediction): boolean {
  const kept = ({ classes, scores, labelAbove, labelTied, tiedTop, invalid }: Prediction) => ({
    ...{ classes, best: scores[0], labelAbove, labelTied, tiedTop, invalid },
  });
  return isDeepStrictEqual(kept(a), kept(b));
}

/** Why there is nothing to compare with. */
function withoutReference({ missing: reason, model }: ComparedModel): string {
  return reason ?? noReference(model.name);
}

export function noReference(model: string): string {
  return `"${model}" has no compare_with, and no baseline was given`;
}

/** Why the documented figure can't be compared with; null where it can. */
function documentedObstacle({ verdict, documented }: ModelSummary): string | null {
  if (documented?.top1 == null) return 'the model has no documented figure';
  return verdict.reason === 'hash-mismatch' || verdict.reason === 'other-data-set' ? verdict.rule : null;
}

/** What the scores of a compared model show, on the images that both know. */
function findingsOf(
  record: RunRecord,
  compared: ComparedModel,
  suspicions: Suspicions,
): ModelGates['findings'] {
  const suspicion = suspicions.get(compared.model.name);
  const { model, reference, places } = compared;
  return [
    ...(suspicion === undefined ? [] : [{ code: 'near-chance' as const, text: suspicion }]),
    ...findings(
      places.map((place) => record.samples[place]!),
      predictionsAt(model.predictions, places),
      reference?.predictions ?? null,
      record.dataset.classes,
    ),
  ];
}
