import { describe, expect, it } from 'vitest';

import { parseConfig } from '../../src/config/config.js';
import type { Dataset } from '../../src/dataset/dataset.js';
import type { EngineSample } from '../../src/engine/options.js';
import { memoryStore } from '../../src/jobs/run/memory-store.js';
import { assertFits, openScores, withScores, type OpenScores } from '../../src/jobs/run/open-scores.js';
import { openModel } from '../../src/jobs/run/open-models.js';
import { scratch } from '../scratch.js';

const { file } = scratch();

const config = parseConfig(
  '{ dataset: { images: x/, labels: folders }, models: [{ name: m, scores: s.csv }] }',
);
const [model] = config.models;

function opened(csv: string, classes = 2): Promise<OpenScores> {
  return openScores(model!, { kind: 'scores', path: file('s.csv', csv), index: null }, classes);
}

/** A data set of these images, of which those in brackets are not drawn. */
function dataset(...ids: string[]): Dataset {
  const entries = ids.map((id) => ({ id: id.replace(/[()]/g, '') }));
  const samples = entries
    .filter((_, at) => !ids[at]!.startsWith('('))
    .map((entry) => ({ ...entry, label: 0 }));
  return { samples, source: { entries } } as unknown as Dataset;
}

describe('scores made elsewhere', () => {
  it('that lack an image, name one twice, or name a foreign one are a fault by name', async () => {
    const scores = await opened('a,1,2\nb,1,2\nb,1,2\nz,1,2\n');
    expect(() => {
      assertFits(scores, dataset('a', 'b', 'c', 'd'));
    }).toThrow(/no scores for c, d; scores twice for b; scores for what the data set does not hold: z/);
  });

  it('may be of more images than are drawn', async () => {
    const scores = await opened('a,1,2\nb,1,2\n');
    expect(() => {
      assertFits(scores, dataset('a', '(b)'));
    }).not.toThrow();
  });

  it('of another number of classes are refused; one more is a background class', async () => {
    await expect(opened('a,1,2,3\n', 5)).rejects.toMatchObject({ code: 'output-classes' });
    expect((await opened('a,9,1,2\n', 2)).facts.classOffset).toBe(1);
  });

  it('are ranked with the ties of the run, and only for the bytes that they were made from', async () => {
    const scores = await opened('a,3,3\n');
    const hashed: OpenScores = { ...scores, table: { ...scores.table, images: [{ id: 'a', sha256: 'aa' }] } };
    const samples = [{ id: 'a', label: 1 } as EngineSample];
    const store = withScores(memoryStore, [hashed], samples, 2, 'highest-index');
    expect(store.get(0, 0, 'aa')).toMatchObject({ classes: [1, 0], tiedTop: 2, labelTied: 1 });
    expect(() => store.get(0, 0, 'bb')).toThrow(/the scores of a were made from other bytes/);
  });

  it('are no network: who wants one is told so', async () => {
    await expect(openModel(model!, 2)).rejects.toThrow(/given by scores that were made elsewhere/);
  });
});
