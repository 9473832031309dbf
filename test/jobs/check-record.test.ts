import { expect, it } from 'vitest';

import { checkRecord } from '../../src/jobs/check/check-record.js';
import { judge } from '../../src/jobs/check/judge.js';
import { comparedByConfig } from '../../src/jobs/check/reference.js';
import { answerOf } from '../../src/report/answer.js';
import { checkJson, checkSchema } from '../../src/report/check.js';
import { summarize } from '../../src/report/summary.js';
import { syntheticRun } from '../report/synthetic-run.js';

it('check.json reads back as it was written, infinite scores included', () => {
  const run = syntheticRun({ images: 60, classes: 10 });
  const record = {
    ...run,
    models: run.models.map((model) => ({
      ...model,
      predictions: model.predictions.map((prediction, at) =>
        at % 2 === 0 ? { ...prediction, scores: [Infinity, ...prediction.scores.slice(1)] } : prediction,
      ),
    })),
  };
  const compared = comparedByConfig(record);
  const summary = summarize(record);
  const gates = judge(record, summary, { max_top1_drop: 1, max_ties: 2 }, compared);
  const written = checkRecord({
    record,
    compared,
    gates,
    baseline: null,
    sequential: null,
    population: 60,
    subset: null,
    answer: answerOf({ ...summary, gates }),
    tests: new Map(),
  });
  expect(written.models[0]!.candidate.saturation!.maximum.score).toBe(Infinity);
  expect(checkSchema.parse(JSON.parse(checkJson(written)))).toEqual(written);
});
