import { basename } from 'node:path';
import { answerOf, type Answer } from './answer.js';
import type { ModelSummary, Summary } from './summary-schema.js';

/** A run as it was read: its folder and what it counted. */
export interface StoredSummary {
  readonly dir: string;
  readonly summary: Summary;
}

/** One model in one run. */
export interface HistoryPoint {
  readonly model: ModelSummary;
  /** Measured Top-1 less that of the run before, in points; null in the model's first run or without images. */
  readonly change: number | null;
  /**
   * What differs from the run before that could move the figure without the model being better or worse; null in
   * the model's first run.
   */
  readonly differences: readonly string[] | null;
}

export interface HistoryRun extends StoredSummary {
  /** The config's title, else the folder's name. */
  readonly name: string;
  /** Start, and a number where two runs started in the same minute. */
  readonly label: string;
  /** What gates, documented figures and input came to. */
  readonly answer: Answer;
  readonly points: readonly HistoryPoint[];
}

/** Runs in order of time; each model, known by its name, beside its own figure of the run before. */
export function history(stored: readonly StoredSummary[]): HistoryRun[] {
  const ordered = [...stored].sort((a, b) =>
    a.summary.run.startedAt.localeCompare(b.summary.run.startedAt, 'en'),
  );
  const before = new Map<string, { summary: Summary; model: ModelSummary }>();
  const labels = new Map<string, number>();
  return ordered.map(({ dir, summary }) => {
    const minute = summary.run.startedAt.replace('T', ' ').slice(0, 16);
    const uses = (labels.get(minute) ?? 0) + 1;
    labels.set(minute, uses);
    const points = summary.models.map((model): HistoryPoint => {
      const last = before.get(model.name);
      before.set(model.name, { summary, model });
      if (last === undefined) return { model, change: null, differences: null };
      const [now, then] = [model.top1.percent, last.model.top1.percent];
      return {
        model,
        change: now === null || then === null ? null : now - then,
        differences: differences(summary, model, last.summary, last.model),
      };
    });
    return {
      dir,
      summary,
      name: summary.run.title ?? basename(dir),
      label: uses === 1 ? minute : `${minute} (${uses})`,
      answer: answerOf(summary),
      points,
    };
  });
}

/** Names of all models in order of first appearance. */
export function modelNames(runs: readonly HistoryRun[]): string[] {
  return [...new Set(runs.flatMap((run) => run.points.map((point) => point.model.name)))];
}

/** Whether a point's change speaks of the model: nothing else differs from the run before but its file. */
export function comparable({ differences: found }: HistoryPoint): boolean {
  return found === null || found.every((difference) => difference === OTHER_FILE);
}

const OTHER_FILE = 'other model file';

function differences(
  summary: Summary,
  model: ModelSummary,
  last: Summary,
  lastModel: ModelSummary,
): string[] {
  const [runtime, lastRuntime] = [summary.machine.versions.onnxruntime, last.machine.versions.onnxruntime];
  return [
    summary.dataset.digest === last.dataset.digest ? null : 'other images',
    model.sha256 === lastModel.sha256 ? null : OTHER_FILE,
    model.recipeSha256 === lastModel.recipeSha256 ? null : 'other recipe',
    summary.run.ties === last.run.ties ? null : 'other tie rule',
    runtime === lastRuntime ? null : `onnxruntime ${lastRuntime ?? '?'} → ${runtime ?? '?'}`,
    summary.machine.cpuFlags.join() === last.machine.cpuFlags.join() ? null : 'other CPU flags',
  ].filter((difference) => difference !== null);
}
