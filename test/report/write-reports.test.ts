import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRun } from '../../src/report/read-run.js';
import type { RunRecord } from '../../src/record/run-record.js';
import { summarize } from '../../src/report/summary.js';
import { reportPaths } from '../../src/report/report-paths.js';
import { formats, writeReports } from '../../src/report/write-reports.js';
import { syntheticRun } from './synthetic-run.js';
import { scratch } from '../scratch.js';

const { dir } = scratch();

function report(record: RunRecord): Parameters<typeof writeReports>[0] {
  return { record, summary: summarize(record), thumbnails: new Map() };
}

/** With predictions as objects. */
function withObjects(record: RunRecord): RunRecord {
  return {
    ...record,
    models: record.models.map((model) => ({ ...model, predictions: [...model.predictions] })),
  };
}

describe('a report folder', () => {
  it('holds each format once, and nothing temporary', async () => {
    const to = join(dir, 'all');
    const paths = await writeReports(report(syntheticRun({ images: 300, classes: 10 })), to);
    const found = await readdir(to, { recursive: true });
    for (const path of paths) expect(found).toContain(join(...path.split('/')));
    expect(found.filter((name) => name.includes('.tmp'))).toEqual([]);
    expect(new Set(paths).size).toBe(paths.length);
    expect(paths).toContain('predictions/hardnet39ds-int8.csv');
    expect(paths.at(-1)).toBe('summary.json');
  });

  it('holds no file that was not looked for before the run', async () => {
    const run = syntheticRun({ images: 30, classes: 10 });
    const paths = await writeReports(report(run), join(dir, 'foreseen'));
    const foreseen = reportPaths(run.models.map(({ name }) => name));
    // A gallery is written where there are pictures, the others by a check.
    expect([...paths, 'gallery.json', 'check.json', 'check.md'].sort()).toEqual(foreseen.sort());
  });

  it('reads back into the run it was written from', async () => {
    const plain = syntheticRun({ images: 300, classes: 10 });
    const [first, ...rest] = plain.samples;
    const hostile = { ...first!, id: '=cmd|\' /C calc\'!A0,"x"\n.JPEG' };
    const record: RunRecord = {
      ...plain,
      samples: [hostile, ...rest],
      realLabels: plain.samples.map(({ label }, at) => (at % 10 === 0 ? [] : [label, 3])),
      models: plain.models.map((model) => ({
        ...model,
        predictions: model.predictions.map((prediction, at) =>
          at === 5
            ? {
                classes: [],
                scores: [],
                labelAbove: 10,
                labelTied: 0,
                tiedTop: 0,
                logSumExp: 0,
                invalid: true,
              }
            : prediction,
        ),
      })),
    };
    const thumbnails = new Map([[hostile.id, Uint8Array.of(255, 216, 255, 217)]]);
    const to = join(dir, 'back');
    await writeReports({ ...report(record), thumbnails }, to);
    const back = await readRun(to);
    expect(withObjects(back.record)).toEqual(record);
    expect(back.summary).toEqual(summarize(record));
    expect([...back.thumbnails].map(([id, jpeg]) => [id, [...jpeg]])).toEqual([
      [hostile.id, [255, 216, 255, 217]],
    ]);
  });

  it('reads back infinite scores and tensors that are no numbers', async () => {
    const plain = syntheticRun({ images: 60, classes: 10 });
    const record: RunRecord = {
      ...plain,
      models: plain.models.map((model) => ({
        ...model,
        firstTensor: { ...model.firstTensor!, min: -Infinity, mean: NaN },
        predictions: model.predictions.map((prediction, at) => ({
          ...prediction,
          scores: at < 40 ? [Infinity, ...prediction.scores.slice(1)] : prediction.scores,
          logSumExp: at < 40 ? Infinity : prediction.logSumExp,
        })),
      })),
    };
    const to = join(dir, 'infinite');
    await writeReports(report(record), to);
    const back = await readRun(to);
    expect(withObjects(back.record)).toEqual(record);
    expect(back.summary.models[0]!.saturation!.maximum).toEqual({ score: Infinity, images: 40 });
  });

  it('is refused when predictions no longer give the figures of summary.json', async () => {
    const to = join(dir, 'altered');
    await writeReports(report(syntheticRun({ images: 50, classes: 10 })), to);
    const file = (slug: string): string => join(to, 'predictions', `hardnet39ds-${slug}.parquet`);
    await copyFile(file('int8'), file('float'));
    await expect(readRun(to)).rejects.toMatchObject({ code: 'report-contradiction' });
  });

  it('whose predictions were changed, or are CSV only, is refused with what to do', async () => {
    const to = join(dir, 'changed');
    await writeReports(report(syntheticRun({ images: 50, classes: 10 })), to);
    const file = join(to, 'predictions', 'hardnet39ds-float.parquet');
    const bytes = await readFile(file);
    bytes[200]! ^= 1;
    await writeFile(file, bytes);
    await expect(readRun(to)).rejects.toMatchObject({ code: 'report-damaged', where: file });
    await rm(file);
    await expect(readRun(to)).rejects.toMatchObject({
      code: 'report-old-format',
      what: expect.stringContaining('CSV only'),
      remedy: expect.stringContaining('Run again'),
    });
  });

  it('that is missing or damaged is told in a paragraph', async () => {
    await expect(readRun(join(dir, 'nothing'))).rejects.toMatchObject({ code: 'report-unreadable' });
    const to = join(dir, 'damaged');
    await writeReports(report(syntheticRun({ images: 20, classes: 10 })), to);
    await writeFile(join(to, 'summary.json'), '{"format":"something else"}');
    await expect(readRun(to)).rejects.toMatchObject({ code: 'report-damaged' });
  });

  it('writes the predictions of 50 000 images within two seconds', async () => {
    const record = syntheticRun({ images: 50000, classes: 1000 });
    const ready = { record: { ...record, models: record.models.slice(0, 1) }, thumbnails: new Map() };
    const summary = summarize(ready.record);
    // Time of this process's own, so that a busy machine fails no test.
    const from = process.cpuUsage();
    await writeReports({ ...ready, summary }, join(dir, 'large'), ['predictions']);
    const { user, system } = process.cpuUsage(from);
    expect((user + system) / 1000).toBeLessThan(2000);
  });

  it('names every format', () => {
    expect(Object.keys(formats)).toContain('predictions');
  });
});
