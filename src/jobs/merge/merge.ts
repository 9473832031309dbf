import { readRun } from '../../report/read-run.js';
import type { Report } from '../../report/report.js';
import type { RunRecord } from '../../report/record.js';
import { mergeShards, writeMergedJournal } from '../../store/merge.js';
import type { StoredRun } from '../../store/stored-run.js';
import { samplesDigest } from '../run/build-record.js';
import { conclude, type Judge } from '../run/conclude.js';

/**
 * Joins the shard folders of one run into the report of a run without shards; its journal is written into `out`.
 * @throws StoreError naming everything that keeps them apart
 */
export async function mergeRuns(
  folders: readonly string[],
  out: string,
  command: string,
  judge?: Judge,
): Promise<Report> {
  const merged = await mergeShards(folders);
  const reports: Report[] = [];
  for (const folder of folders) reports.push(await readRun(folder));
  const whole = mergedRecord(
    merged,
    reports.map((report) => report.record),
    command,
  );
  await writeMergedJournal(out, merged);
  return {
    ...conclude(whole, judge),
    thumbnails: new Map(reports.flatMap((report) => [...report.thumbnails])),
  };
}

function mergedRecord(merged: StoredRun, shards: readonly RunRecord[], command: string): RunRecord {
  const first = shards[0]!;
  const samples = merged.images.map(({ image: { id, label, sha256 } }) => ({ id, label, sha256 }));
  const accepted = new Map(
    shards.flatMap((shard) => shard.samples.map(({ id }, i) => [id, shard.realLabels?.[i] ?? []])),
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
  const left =
    badImages.length === 0
      ? null
      : `${badImages.length} of ${merged.header.list.images} images could not be used`;
  const subset = [merged.header.settings['subset'], left].filter((reason) => reason != null).join('; ');
  return {
    ...first,
    command,
    startedAt: shards.map((shard) => shard.startedAt).sort()[0]!,
    seconds: sum(shards.map((shard) => shard.seconds)),
    dataset: {
      ...first.dataset,
      subset: subset === '' ? null : subset,
      digest: samplesDigest(samples),
      badImages,
    },
    samples,
    realLabels: first.realLabels === null ? null : samples.map(({ id }) => accepted.get(id) ?? []),
    models: first.models.map((model, index) => {
      const seconds = shards.map((shard) => shard.models[index]!.inferenceSeconds);
      return {
        ...model,
        predictions: merged.images.map(({ predictions }) => predictions[index]!),
        reused: sum(shards.map((shard) => shard.models[index]!.reused)),
        inferenceSeconds: seconds.every((s) => s === null) ? null : sum(seconds.map((s) => s ?? 0)),
      };
    }),
    // Shards ran beside each other or on other machines: one curve over time would mean nothing.
    throughput: [],
    peakMemoryBytes: Math.max(...shards.map((shard) => shard.peakMemoryBytes)),
    warnings: [...new Set(shards.flatMap((shard) => shard.warnings))],
    fatal: [
      ...new Map(
        shards.flatMap(({ fatal }) => fatal).map((fault) => [`${fault.where ?? ''} ${fault.code}`, fault]),
      ).values(),
    ],
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
