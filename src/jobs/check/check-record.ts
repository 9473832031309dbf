import { labelled, tally } from '../../metrics/tally.js';
import { scoreDrift } from '../../metrics/score-drift.js';
import type { HashedImage, Predictions } from '../../domain/domain.js';
import { predictionsAt } from '../../domain/prediction-list.js';
import type {
  CheckedModel,
  CheckRecord,
  ScoreFacts,
  SequentialRun,
  SequentialTestRecord,
} from '../../report/check.js';
import type { Answer } from '../../report/answer.js';
import { comparePredictions } from '../../report/comparison.js';
import type { GateReport } from '../../report/gate-schema.js';
import type { RunRecord } from '../../record/run-record.js';
import type { Baseline } from '../../store/baseline.js';
import { environmentDifferences, modelDifferences } from './environment.js';
import type { ComparedModel } from './reference.js';

export interface CheckInput {
  readonly record: RunRecord;
  /** Images of the whole list, whether run or not. */
  readonly population: number;
  /** Why the list is not the whole data set; null where it is. */
  readonly subset: string | null;
  readonly compared: readonly ComparedModel[];
  readonly baseline: { readonly name: string; readonly content: Baseline } | null;
  readonly gates: GateReport;
  readonly sequential: SequentialRun | null;
  readonly answer: Answer;
  /** By model. */
  readonly tests: ReadonlyMap<string, readonly SequentialTestRecord[]>;
}

/** Everything that check.json, check.md and the terminal tell. */
export function checkRecord(input: CheckInput): CheckRecord {
  const { record, baseline, gates, sequential } = input;
  const { dataset, run } = record;
  return {
    format: 'onnx-imagenet-eval/check',
    version: 1,
    tool: record.tool,
    config: { ...run.config, title: run.title },
    command: run.command,
    startedAt: run.startedAt,
    seconds: run.seconds,
    dataset: {
      description: dataset.description,
      images: input.population,
      subset: input.subset,
      badImages: dataset.badImages,
    },
    answer: input.answer,
    fatal: run.fatal,
    baseline:
      baseline === null
        ? null
        : { name: baseline.name, differences: environmentDifferences(record, baseline.content) },
    sequential,
    models: input.compared
      .filter((one, index) => one.reference !== null || gates.models[index]!.verdicts.length > 0)
      .map((one) => checkedModel(one, input)),
    gates,
  };
}

function checkedModel(compared: ComparedModel, input: CheckInput): CheckedModel {
  const { record, baseline, sequential } = input;
  const { model, reference, missing } = compared;
  const samples = compared.places.map((place) => record.samples[place]!);
  const predictions = predictionsAt(model.predictions, compared.places);
  const before = baseline?.content.models.find(({ name }) => name === model.name);
  // A model whose every test stopped before the last image has no figures of a fixed number of images, even where
  // another model went on to the end.
  const tests = input.tests.get(model.name) ?? [];
  const early =
    sequential !== null &&
    (sequential.ended !== 'exhausted' ||
      (tests.length > 0 && tests.every(({ outcome }) => outcome.imagesSeen < sequential.population)));
  const drift =
    reference === null || early
      ? { scoreDrift: null, scoreDriftNote: null }
      : driftOf(compared, record, predictions);
  return {
    name: model.name,
    sha256: model.sha256,
    against: reference?.name ?? null,
    images: samples.length,
    notes: [
      ...(missing === null ? [] : [missing]),
      ...(before === undefined ? [] : modelDifferences(model, before)),
    ],
    candidate: scoreFacts(samples, predictions, record),
    reference: reference === null ? null : scoreFacts(samples, reference.predictions, record),
    comparison:
      reference === null || early
        ? null
        : comparePredictions(
            { name: reference.name, predictions: reference.predictions },
            { name: model.name, predictions },
            samples,
          ),
    ...drift,
    tests,
  };
}

function driftOf(
  { reference, model }: ComparedModel,
  record: RunRecord,
  predictions: Predictions,
): Pick<CheckedModel, 'scoreDrift' | 'scoreDriftNote'> {
  const other = record.models.find(({ name }) => name === reference?.name);
  if (other !== undefined && other.facts.outputDtype !== model.facts.outputDtype)
    return {
      scoreDrift: null,
      scoreDriftNote: `the scores of the two have different units (${other.facts.outputDtype} and ${model.facts.outputDtype})`,
    };
  return {
    scoreDrift: scoreDrift(reference?.predictions ?? [], predictions),
    scoreDriftNote: null,
  };
}

function scoreFacts(
  samples: readonly HashedImage[],
  predictions: Predictions,
  { dataset }: RunRecord,
): ScoreFacts {
  const { top1, top5, ties, saturation } = tally(labelled(samples, predictions), dataset.classes.length);
  return { top1: top1.correct, top5: top5.correct, tiedTop: ties.tiedTop, saturation };
}
