import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { loadConfig } from '../../../src/config/config.js';
import { TaskPool } from '../../../src/jobs/diagnose/pool/task-pool.js';
import { CutNetwork } from '../../../src/jobs/diagnose/cut-network.js';
import { Images } from '../../../src/jobs/diagnose/images.js';
import { Measurer, type Measured } from '../../../src/jobs/diagnose/measurer.js';
import { networksOf } from '../../../src/jobs/diagnose/networks.js';
import { modelsToDiagnose, openSubject, restorationOf } from '../../../src/jobs/diagnose/subject.js';
import { engineSamples, openConfiguredDataset } from '../../../src/jobs/run/open-dataset.js';
import { demoConfig, floatModel, int8Model, model } from '../../e2e/demo-set.js';
import { projectDir } from '../../e2e/program.js';
import { scratch } from '../../scratch.js';
import { describeWithShared } from '../../shared.js';
import { networkLine, networks } from '../../e2e/networks.js';

const { file } = scratch();
const builtWorker = new URL('../../../dist/jobs/diagnose/pool/worker.js', import.meta.url);

/** Every quantizer alone in float and every layer, on a few images: computed from cuts on, and as whole networks. */
async function bothWays(path: string, count: number, every: number) {
  const config = await loadConfig(path);
  const dataset = await openConfiguredDataset(config, null, 0);
  const pool = await TaskPool.start(1, new AbortController().signal, builtWorker);
  try {
    const classes = dataset.classes.length;
    const subject = await openSubject(config, modelsToDiagnose(config, null)[0]!, classes);
    const made = networksOf(subject, 2, classes);
    const images = new Images(
      pool,
      engineSamples(dataset).slice(0, count),
      made.inputs,
      60_000,
      made.float.batch,
    );
    const networks = made.over(images.inputs);
    const cut = new CutNetwork(subject, pool, networks.int8([]));
    const variants = [...subject.quantizers.keys()]
      .map((place) => [place])
      .concat(subject.layers.map(({ quantizers }) => [...quantizers]))
      .map((places) => places.filter((place) => restorationOf(subject, place) !== null))
      .filter((places, at) => places.length > 0 && at % every === 0);
    let shares: number[] = [];
    const measured = async (how: CutNetwork | null): Promise<Measured[]> => {
      shares = [];
      const measurer = new Measurer(pool, images, classes, config.ties, how, (runs) =>
        shares.push(runs / count),
      );
      await measurer.reference(networks.float);
      shares = [];
      const entries = variants.map((places) => ({
        variant: networks.int8(places),
        measured: measurer.fresh(),
      }));
      await measurer.show(entries, count);
      return entries.map((entry) => entry.measured);
    };
    const whole = await measured(null);
    const parts = await measured(cut);
    return { whole, parts, share: shares.reduce((a, b) => a + b, 0) / variants.length };
  } finally {
    await pool.close();
    await dataset.close();
  }
}

describe('variants that are computed from the cut before their change on', () => {
  it('give what the whole networks give, to the bit, with about half of the operators', async () => {
    const path = file(
      'cut.yaml',
      demoConfig({
        images: join(projectDir, 'demo/images.tar'),
        labels: join(projectDir, 'demo/val.txt'),
        models: [model('float', floatModel), model('int8', int8Model, ', compare_with: float')],
      }),
    );
    const { whole, parts, share } = await bothWays(path, 3, 3);
    expect(parts).toEqual(whole);
    expect(new Set(whole.map(({ error }) => error[0])).size).toBeGreaterThan(10);
    expect(share).toBeLessThan(0.7);
  });
});

describeWithShared('variants of networks of real tools', (dir) => {
  it('are the same to the bit where levels meet in a Concat and the batch is fixed', async () => {
    const images = `dataset: { images: ${JSON.stringify(`${dir}imagenet/images`)}, labels: filenames }`;
    const models = [
      networkLine(dir, 'float', null),
      networkLine(dir, 'badcal', 'float', networks.float.recipe),
    ];
    const path = file('badcal.yaml', [images, 'models:', ...models].join('\n'));
    const { whole, parts, share } = await bothWays(path, 2, 20);
    expect(parts).toEqual(whole);
    expect(share).toBeLessThan(0.7);
  });
});
