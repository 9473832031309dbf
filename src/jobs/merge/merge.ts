import { realpath } from 'node:fs/promises';
import { StoreError } from '../../domain/errors.js';
import { readReport, type ReadReport } from '../../report/read-run.js';
import type { Report } from '../../report/report.js';
import { summarize, type Judge } from '../../report/summary.js';
import type { RunRecord } from '../../record/run-record.js';
import { reportPaths } from '../../report/report-paths.js';
import { refuseForeignFiles } from '../../store/own-folder.js';
import { mergeShards, writeMergedJournal } from '../../store/merge.js';
import type { StoredRun } from '../../store/stored-run.js';
import { partOf, unusablePart } from '../run/bad-input.js';
import { samplesDigest } from '../run/build-record.js';

/**
 * Joins the shard folders of one run into the report of a run without shards; its journal is written into `out`. Images
 * and predictions come from the shards' journals, how they came about from their reports.
 *
 * @throws StoreError naming everything that keeps them apart, or that `out` is one of them or holds another run
 */
export async function mergeRuns(
  folders: readonly string[],
  out: string,
  command: string,
  judge?: Judge,
): Promise<Report> {
  await refuseOwnShard(folders, out);
  const merged = await mergeShards(folders);
  const reports: ReadReport[] = [];
  for (const folder of folders) reports.push(await readReport(folder));
  const whole = mergedRecord(merged, reports, command);
  await refuseForeignFiles(out, reportPaths(whole.models.map(({ name }) => name)));
  await writeMergedJournal(out, merged);
  return {
    record: whole,
    summary: summarize(whole, judge),
    thumbnails: new Map(reports.flatMap((report) => [...report.thumbnails])),
  };
}

async function refuseOwnShard(folders: readonly string[], out: string): Promise<void> {
  const target = await realpath(out).catch(() => null);
  for (const folder of folders)
    if (target !== null && target === (await realpath(folder).catch(() => null)))
      throw new StoreError({
        code: 'merge-into-shard',
        what: 'is one of the shards to merge: the whole would replace it',
        where: out,
        remedy: 'Give another folder as --out.',
      });
}

function mergedRecord(merged: StoredRun, reports: readonly ReadReport[], command: string): RunRecord {
  const shards = reports.map(({ origin }) => origin);
  const first = shards[0]!;
  const samples = merged.images.map(({ image: { id, label, sha256 } }) => ({ id, label, sha256 }));
  const accepted = new Map(
    reports.flatMap(({ samples: read, realLabels }) =>
      read.map(({ id }, at) => [id, realLabels?.[at] ?? []] as const),
    ),
  );
  const labels = new Map(
    shards.flatMap(({ dataset }) => dataset.badImages.map(({ id, label }) => [id, label])),
  );
  const badImages = merged.bad.map(({ id, code, message }) => ({
    id,
    label: labels.get(id) ?? null,
    code,
    message,
  }));
  const subset = merged.header.settings['subset'] ?? null;
  return {
    ...first,
    run: {
      ...first.run,
      command,
      startedAt: shards.map(({ run }) => run.startedAt).sort()[0]!,
      seconds: sum(shards.map(({ run }) => run.seconds)),
      peakMemoryBytes: Math.max(...shards.map(({ run }) => run.peakMemoryBytes)),
      // Shards ran beside each other or on other machines: one curve over time would mean nothing.
      throughput: [],
      warnings: [...new Set(shards.flatMap(({ run }) => run.warnings))],
      fatal: [
        ...new Map(
          shards
            .flatMap(({ run }) => run.fatal)
            .map((fault) => [`${fault.where ?? ''} ${fault.code}`, fault]),
        ).values(),
      ],
    },
    dataset: {
      ...first.dataset,
      subset: partOf([
        subset === null ? null : String(subset),
        unusablePart(badImages.length, merged.header.list.images),
      ]),
      digest: samplesDigest(samples),
      badImages,
    },
    samples,
    realLabels: reports[0]!.realLabels === null ? null : samples.map(({ id }) => accepted.get(id) ?? []),
    models: first.models.map((model, index) => {
      const seconds = shards.map((shard) => shard.models[index]!.inferenceSeconds);
      return {
        ...model,
        tolerance: reports[0]!.summary.models[index]!.verdict.tolerance,
        predictions: merged.images.map(({ predictions }) => predictions[index]!),
        reused: sum(shards.map((shard) => shard.models[index]!.reused)),
        inferenceSeconds: seconds.every((s) => s === null) ? null : sum(seconds.map((s) => s ?? 0)),
      };
    }),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
