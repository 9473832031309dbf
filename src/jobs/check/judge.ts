import type { Config } from '../../config/config.js';
import type { GatesInput } from '../../config/schema.js';
import { ConfigError } from '../../domain/errors.js';
import {
  gateNames,
  missing,
  type GateName,
  type GateScope,
  type GateVerdict,
} from '../../metrics/verdict.js';
import { compareOutcomes, type PairedTable } from '../../metrics/paired.js';
import {
  agreementGate,
  classDropGate,
  documentedDropGate,
  flipRateGate,
  tiesGate,
  top1DropGate,
} from '../../metrics/gates.js';
import { outcomes } from '../../report/comparison.js';
import type { GateReport, ModelGates } from '../../report/gate-schema.js';
import type { RunRecord } from '../../report/record.js';
import type { ModelSummary, Summary } from '../../report/summary-schema.js';
import { findings } from './findings.js';
import { coversDataset, comparedByConfig, type ComparedModel } from './reference.js';

/** Two-sided confidence of the intervals that decide on a part of a data set. */
export const GATE_CONFIDENCE = 0.95;

/**
 * Judges every model of a finished run by the gates of its config. A gate is asked of the models that it can be asked
 * of: those with a reference, those with a documented figure; max_ties of all. One that fits no model is undecided for
 * each of them rather than dropped in silence.
 */
export function judge(
  record: RunRecord,
  summary: Summary,
  gates: GatesInput,
  compared: readonly ComparedModel[],
): GateReport {
  const askables = compared.map(askable);
  const models = compared.map((one, index): ModelGates => {
    const summarized = summary.models[index]!;
    const verdicts = askedGates(gates, askables, askables[index]!).map(({ gate, limit }) =>
      verdictOf(gate, limit, record, summarized, one),
    );
    return {
      model: one.model.name,
      against: one.reference?.name ?? null,
      verdicts,
      findings: verdicts.length === 0 ? [] : findingsOf(record, one),
    };
  });
  return { undecidedIs: gates.on_undecided ?? 'fail', models };
}

/** `judge` by these gates, each model compared with its compare_with. */
export function judgeBy(gates: GatesInput): (record: RunRecord, summary: Summary) => GateReport {
  return (record, summary) => judge(record, summary, gates, comparedByConfig(record));
}

/**
 * The gates of a config that is there to be judged by.
 * @throws ConfigError `no-gates` where it limits nothing
 */
export function requiredGates({ gates, file }: Config): GatesInput {
  if (gates !== null && limitsOf(gates).length > 0) return gates;
  throw new ConfigError({
    code: 'no-gates',
    what: 'there is nothing to check: the config has no gates to decide',
    where: file,
    remedy: 'Add e.g. `gates: { max_top1_drop: 1 }`, points of Top-1 that a model may lose.',
  });
}

/** Names of the gates that have a limit. */
export function limitsOf(gates: GatesInput): string[] {
  return Object.keys(gates).filter((key) => key !== 'on_undecided');
}

/** What decides which gates a model can be asked. */
export interface Askable {
  /** A Top-1 figure is documented for it. */
  readonly documented: boolean;
  /** It is compared with something, or was to be. */
  readonly paired: boolean;
}

/** The gates that `one` among the models is asked, with their limits. */
export function askedGates(
  gates: GatesInput,
  all: readonly Askable[],
  one: Askable,
): { readonly gate: GateName; readonly limit: number }[] {
  return gateNames.flatMap((gate) => {
    const limit = gates[gate];
    if (limit === undefined) return [];
    const fits = (model: Askable): boolean => canBeAsked(gate, model);
    return fits(one) || !all.some(fits) ? [{ gate, limit }] : [];
  });
}

function canBeAsked(gate: GateName, { documented, paired }: Askable): boolean {
  switch (gate) {
    case 'max_ties':
      return true;
    case 'max_top1_drop_vs_documented':
      return documented;
    case 'max_top1_drop':
    case 'max_flip_rate':
    case 'max_class_drop':
    case 'min_agreement':
      return paired;
  }
}

function askable({ model, reference, missing: reason }: ComparedModel): Askable {
  return { documented: model.documented?.top1 != null, paired: reference !== null || reason !== null };
}

/** The unit that a gate's limit is in. */
export function gateUnit(gate: GateName): GateVerdict['unit'] {
  return gate === 'max_flip_rate' || gate === 'max_ties' || gate === 'min_agreement' ? 'percent' : 'points';
}

function verdictOf(
  gate: GateName,
  limit: number,
  record: RunRecord,
  summary: ModelSummary,
  compared: ComparedModel,
): GateVerdict {
  const scope: GateScope = {
    coverage: coversDataset(record, compared) ? 'whole' : 'subset',
    confidence: GATE_CONFIDENCE,
  };
  if (gate === 'max_ties') {
    const whole = { ...scope, coverage: record.dataset.subset === null ? 'whole' : 'subset' } as const;
    return tiesGate(limit, summary.ties.images, summary.images, whole);
  }
  if (gate === 'max_top1_drop_vs_documented') return againstDocumented(limit, summary);
  const pair = comparisonOf(record, compared);
  if (pair === null) {
    return missing({ gate, unit: gateUnit(gate), limit, images: 0 }, withoutReference(compared));
  }
  switch (gate) {
    case 'max_top1_drop':
      return top1DropGate(limit, pair.table, scope);
    case 'max_flip_rate':
      return flipRateGate(limit, pair.table, scope);
    case 'min_agreement':
      return agreementGate(limit, pair.agreeing, pair.images, scope);
    case 'max_class_drop':
      return classDropGate(limit, classTables(record, compared), scope);
  }
}

/** Why there is nothing to compare with. */
function withoutReference({ missing: reason, model }: ComparedModel): string {
  return reason ?? noReference(model.name);
}

export function noReference(model: string): string {
  return `"${model}" has no compare_with, and no baseline was given`;
}

/** The verdict of reproduction knows whether the two figures are about the same file, data set and images. */
function againstDocumented(limit: number, { verdict, documented, top1, images }: ModelSummary): GateVerdict {
  const comparable =
    verdict.reason === 'hash-mismatch' || verdict.reason === 'other-data-set'
      ? { reason: verdict.rule }
      : true;
  return documentedDropGate(limit, { correct: top1.correct, images }, documented?.top1 ?? null, comparable, {
    coverage: verdict.reason === 'subset' ? 'subset' : 'whole',
    confidence: GATE_CONFIDENCE,
  });
}

function sides(record: RunRecord, compared: ComparedModel) {
  const samples = compared.places.map((place) => record.samples[place]!);
  const predictions = compared.places.map((place) => compared.model.predictions[place]!);
  return { samples, predictions };
}

function comparisonOf(record: RunRecord, compared: ComparedModel) {
  if (compared.reference === null) return null;
  const { samples, predictions } = sides(record, compared);
  return compareOutcomes(
    outcomes(compared.reference, { samples }, 1),
    outcomes({ predictions }, { samples }, 1),
  );
}

/** One table a class, in class order. */
function classTables(record: RunRecord, compared: ComparedModel): PairedTable[] {
  const { samples, predictions } = sides(record, compared);
  const tables = record.dataset.classes.map((): PairedTable => ({
    bothCorrect: 0,
    referenceOnly: 0,
    candidateOnly: 0,
    bothWrong: 0,
  }));
  samples.forEach(({ label }, index) => {
    const before = compared.reference?.predictions[index]?.classes[0] === label;
    const after = predictions[index]!.classes[0] === label;
    const cell = before ? (after ? 'bothCorrect' : 'referenceOnly') : after ? 'candidateOnly' : 'bothWrong';
    const table = tables[label];
    if (table !== undefined) table[cell]++;
  });
  return tables;
}

/** What the scores of a compared model show, on the images that both know. */
export function findingsOf(record: RunRecord, compared: ComparedModel): ModelGates['findings'] {
  const { samples, predictions } = sides(record, compared);
  const labelled = (list: typeof predictions) =>
    list.map((prediction, index) => ({ label: samples[index]!.label, prediction }));
  return findings(
    labelled(predictions),
    compared.reference === null ? null : labelled([...compared.reference.predictions]),
    record.dataset.classes.length,
  );
}
