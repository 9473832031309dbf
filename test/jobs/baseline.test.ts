import { describe, expect, it } from 'vitest';

import { ConfigError, StoreError } from '../../src/domain/errors.js';
import { baselineTarget } from '../../src/jobs/check/baseline-file.js';
import { environmentDifferences, modelDifferences } from '../../src/jobs/check/environment.js';
import { comparedByBaseline } from '../../src/jobs/check/reference.js';
import type { RunRecord } from '../../src/record/run-record.js';
import { decodeBaseline, encodeBaseline } from '../../src/store/baseline.js';
import { syntheticRun } from '../report/synthetic-run.js';

const run = syntheticRun({ images: 300 });
const saved = await decodeBaseline(encodeBaseline(run), 'x.baseline');

describe('A run against its own baseline', () => {
  it('differs in nothing', () => {
    expect(environmentDifferences(run, saved)).toEqual([]);
    for (const { model, places, reference } of comparedByBaseline(run, saved, 'x')) {
      expect(places).toHaveLength(300);
      expect(reference!.predictions.map(({ classes }) => classes)).toEqual(
        model.predictions.map(({ classes }) => classes),
      );
    }
  });

  it('says that the runtime is another', () => {
    const versions = { ...run.machine.versions, onnxruntime: '1.31.0' };
    const now: RunRecord = { ...run, machine: { ...run.machine, versions } };
    expect(environmentDifferences(now, saved)).toEqual([
      expect.stringMatching(/onnxruntime was 1\.30\.0 and is 1\.31\.0/),
    ]);
  });

  it('says that the CPU has VNNI now', () => {
    const now: RunRecord = {
      ...run,
      machine: { ...run.machine, cpuFlags: [...run.machine.cpuFlags, 'avx512_vnni'] },
    };
    expect(environmentDifferences(now, saved)).toEqual([
      expect.stringMatching(/only now: avx512_vnni/),
      expect.stringMatching(/sums of uint8 x int8 saturated then and are exact now/),
    ]);
  });

  it('says that the file and the recipe are others', () => {
    const [model] = run.models;
    const other = { ...model!, sha256: 'f'.repeat(64), recipeSha256: 'e'.repeat(64) };
    expect(modelDifferences(other, saved.models[0]!)).toEqual([
      expect.stringContaining('another than in the baseline'),
      expect.stringContaining('recipe is another'),
    ]);
  });

  it('refuses images with other bytes or labels', () => {
    const samples = run.samples.map((sample, at) =>
      at === 5 ? { ...sample, label: sample.label + 1 } : sample,
    );
    expect(() => comparedByBaseline({ ...run, samples }, saved, 'x')).toThrow(StoreError);
    const altered = run.samples.map((sample, at) =>
      at === 5 ? { ...sample, sha256: '0'.repeat(64) } : sample,
    );
    expect(() => comparedByBaseline({ ...run, samples: altered }, saved, 'x')).toThrow(run.samples[5]!.id);
  });

  it('compares a part of the images with the part of the baseline', () => {
    const part: RunRecord = {
      ...run,
      samples: run.samples.slice(100),
      models: run.models.map((model) => ({ ...model, predictions: [...model.predictions].slice(100) })),
    };
    const [compared] = comparedByBaseline(part, saved, 'x');
    expect(compared!.reference!.predictions.at(0)!.classes).toEqual(
      run.models[0]!.predictions.at(100)!.classes,
    );
  });

  it('names the models that it has where one is missing', () => {
    const renamed: RunRecord = { ...run, models: [{ ...run.models[0]!, name: 'other' }] };
    expect(comparedByBaseline(renamed, saved, 'x')[0]).toMatchObject({
      reference: null,
      missing: expect.stringContaining('"hardnet39ds float"'),
    });
  });
});

describe('The name of a baseline', () => {
  it('is a file in baselines/, or a path', () => {
    expect(baselineTarget('main-2')).toBe('baselines/main-2.baseline');
    expect(baselineTarget('some/where.baseline')).toBe('some/where.baseline');
  });

  it('is no way out of that folder', () => {
    expect(() => baselineTarget('..')).toThrow(ConfigError);
  });
});
