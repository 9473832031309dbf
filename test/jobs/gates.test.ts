import { describe, expect, it } from 'vitest';

import type { GatesInput } from '../../src/config/schema.js';
import { judge } from '../../src/jobs/check/judge.js';
import { comparedByConfig } from '../../src/jobs/check/reference.js';
import { gateOutcome, gatesBroken } from '../../src/report/gate-schema.js';
import type { RunRecord } from '../../src/record/run-record.js';
import { summarize } from '../../src/report/summary.js';
import { summarySchema } from '../../src/report/summary-schema.js';
import { syntheticRun } from '../report/synthetic-run.js';

const run = syntheticRun();

function judged(gates: GatesInput, record: RunRecord = run) {
  return judge(record, summarize(record), gates, comparedByConfig(record));
}

/** The same run with the two models in each other's place: the candidate is the better one. */
function swapped(): RunRecord {
  const [float, int8] = run.models;
  return {
    ...run,
    models: [
      { ...float!, predictions: int8!.predictions },
      { ...int8!, predictions: float!.predictions },
    ],
  };
}

const drop =
  (100 * (summarize(run).models[0]!.top1.correct - summarize(run).models[1]!.top1.correct)) /
  run.samples.length;

describe('Gates over a run', () => {
  it('are asked of the models that have a reference, and ties of all', () => {
    const report = judged({ max_top1_drop: 50, max_ties: 100 });
    expect(report.models.map(({ verdicts }) => verdicts.map(({ gate }) => gate))).toEqual([
      ['max_ties'],
      ['max_top1_drop', 'max_ties'],
    ]);
  });

  it('pass a drop of exactly the limit and fail one image more', () => {
    expect(drop).toBeGreaterThan(0);
    expect(gateOutcome(judged({ max_top1_drop: drop }))).toBe('pass');
    expect(gateOutcome(judged({ max_top1_drop: drop - 100 / run.samples.length }))).toBe('fail');
  });

  it('never fail a model for being better', () => {
    expect(gateOutcome(judged({ max_top1_drop: 0 }, swapped()))).toBe('pass');
  });

  it('leave a gate that fits no model undecided rather than unasked', () => {
    const alone: RunRecord = { ...run, models: [{ ...run.models[0]!, compareWith: null }] };
    const report = judged({ max_top1_drop: 2 }, alone);
    expect(report.models[0]!.verdicts).toMatchObject([{ status: 'undecided', basis: 'missing' }]);
  });

  it('count undecided as broken unless the config says otherwise', () => {
    const part: RunRecord = { ...run, dataset: { ...run.dataset, subset: 'a part', population: 50_000 } };
    const limit = { max_top1_drop: drop };
    expect(gateOutcome(judged(limit, part))).toBe('undecided');
    expect(gatesBroken(judged(limit, part))).toBe(true);
    expect(gatesBroken(judged({ ...limit, on_undecided: 'pass' }, part))).toBe(false);
  });

  it('judge a part of the data set by an interval', () => {
    const part: RunRecord = { ...run, dataset: { ...run.dataset, subset: 'a part', population: 50_000 } };
    expect(judged({ max_top1_drop: 50 }, part).models[1]!.verdicts[0]).toMatchObject({
      status: 'pass',
      basis: 'interval',
    });
  });

  it('share the error where several rest on an interval, so that each needs more evidence', () => {
    const part: RunRecord = { ...run, dataset: { ...run.dataset, subset: 'a part', population: 50_000 } };
    const width = (gates: GatesInput): number => {
      const { interval } = judged(gates, part).models[1]!.verdicts[0]!;
      return interval!.upper - interval!.lower;
    };
    const alone = width({ max_top1_drop: 1 });
    expect(width({ max_top1_drop: 1, max_flip_rate: 5, min_agreement: 90 })).toBeGreaterThan(1.1 * alone);
    expect(judged({ max_top1_drop: 1, max_flip_rate: 5 }, part).models[1]!.verdicts[0]!.rule).toContain(
      'at confidence 0.975',
    );
  });

  it('are exact on a part that the config calls the whole question', () => {
    const part: RunRecord = { ...run, dataset: { ...run.dataset, subset: 'a part', population: null } };
    const asked = (population: GatesInput['population']) =>
      judged({ max_top1_drop: drop, population }, part).models[1]!.verdicts[0]!;
    expect(asked('these-images')).toMatchObject({ status: 'pass', basis: 'exact', population: 2000 });
    expect(asked('whole-set')).toMatchObject({ status: 'undecided', basis: 'interval', population: null });
  });

  it('pass the same file against itself, on a part too, whatever the limits', () => {
    const [float] = run.models;
    const tied = float!.predictions.map((prediction) => ({ ...prediction, tiedTop: 2 }));
    const same: RunRecord = {
      ...run,
      dataset: { ...run.dataset, subset: 'a part', population: 50_000 },
      models: [
        { ...float!, predictions: tied },
        { ...float!, name: 'again', compareWith: float!.name, predictions: tied },
      ],
    };
    const strict: GatesInput = {
      max_top1_drop: 0,
      max_flip_rate: 0,
      max_class_drop: 0,
      min_agreement: 100,
      max_ties: 0,
    };
    const verdicts = judged(strict, same).models[1]!.verdicts;
    expect(verdicts.map(({ status, basis }) => `${status} ${basis}`)).toEqual(
      new Array(5).fill('pass same-file'),
    );
    const [first, ...others] = same.models[1]!.predictions;
    const moved = [{ ...first!, scores: [0] }, ...others];
    const unsteady = { ...same, models: [same.models[0]!, { ...same.models[1]!, predictions: moved }] };
    expect(judged(strict, unsteady).models[1]!.verdicts[0]!.basis).toBe('interval');
  });

  it('compare with a documented figure only where it is about the same file and data set', () => {
    const other: RunRecord = {
      ...run,
      models: run.models.map((model) => ({
        ...model,
        documented: { ...model.documented!, sha256: '0'.repeat(64) },
      })),
    };
    const [verdict] = judged({ max_top1_drop_vs_documented: 90 }, other).models[0]!.verdicts;
    expect(verdict).toMatchObject({ status: 'undecided', basis: 'missing' });
    expect(verdict!.rule).toContain('SHA-256');
  });

  it('name the class that decides, and the one that everything is called', () => {
    const [float, int8] = run.models;
    const one = int8!.predictions.map((prediction) => ({ ...prediction, classes: [3], labelAbove: 1 }));
    const record: RunRecord = { ...run, models: [float!, { ...int8!, predictions: one }] };
    const { verdicts, findings } = judged({ max_class_drop: 1 }, record).models[1]!;
    const name = run.dataset.classes[3]!.name;
    expect(findings.find(({ code }) => code === 'one-class')!.text).toMatch(`${name} is named for`);
    const names = run.dataset.classes.map((entry) => entry.name);
    expect(names).toContain(verdicts[0]!.rule.split(':')[0]);
  });

  it("give a share of few images no decimal that these can't tell apart", () => {
    const few = syntheticRun({ images: 17, classes: 3 });
    const tied: RunRecord = {
      ...few,
      models: few.models.map((model) => ({
        ...model,
        predictions: model.predictions.map((prediction, at) => ({ ...prediction, tiedTop: at < 14 ? 2 : 1 })),
      })),
    };
    const [finding] = judged({ max_ties: 1 }, tied).models[0]!.findings;
    expect(finding!.text).toContain('14 of 17 images (82 %)');
  });

  it('come back from summary.json as they were', () => {
    const gates = judged({
      max_top1_drop: 1,
      max_flip_rate: 5,
      max_ties: 1,
      max_class_drop: 10,
      min_agreement: 90,
    });
    const text = JSON.stringify({ ...summarize(run), gates });
    expect(summarySchema.parse(JSON.parse(text)).gates).toEqual(gates);
  });
});
