import type { ClassName, LabelledImage, Prediction } from '../../domain/domain.js';
import { topMargin } from '../../metrics/margin.js';
import type { ImageColumns, ImageDetail, ViewedModel } from '../../page/answers.js';
import type { Report } from '../../report/report.js';
import { confidence, ranked, scoreKind, type ScoreKind } from '../../report/scores.js';
import { titleOf } from '../../report/wording.js';
import { watchedModels } from '../../store/run-state.js';

/** A run to look at: finished, or what a running one has written so far. */
export interface ViewedRun {
  readonly title: string;
  readonly folder: string;
  readonly models: readonly ViewedModel[];
  /** What each model's scores are: only some of them have a confidence. */
  readonly scores: readonly ScoreKind[];
  readonly classes: readonly ClassName[];
  readonly images: readonly ViewedImage[];
}

export interface ViewedImage extends LabelledImage {
  /** By model; null where there is none (yet). */
  readonly predictions: readonly (Prediction | null)[];
}

/** A finished run. */
export function viewedRun({ record, summary }: Report, folder: string): ViewedRun {
  return {
    title: titleOf(summary),
    folder,
    models: watchedModels(record.models),
    scores: record.models.map(scoreKind),
    classes: record.dataset.classes,
    images: record.samples.map(({ id, label }, at) => ({
      id,
      label,
      predictions: record.models.map(({ predictions }) => predictions.at(at)!),
    })),
  };
}

/** The columns of a run's images, or of those from place `from` on. */
export function imageColumns({ images, models, scores }: ViewedRun, from = 0): ImageColumns {
  const part = images.slice(from);
  return {
    ids: part.map(({ id }) => id),
    labels: part.map(({ label }) => label),
    models: models.map((_, model) => {
      const predictions = part.map((image) => image.predictions[model] ?? null);
      return {
        top1: predictions.map((prediction) => prediction?.classes[0] ?? -1),
        margin: predictions.map((prediction) => rounded(prediction === null ? null : topMargin(prediction))),
        confidence: predictions.map((prediction) =>
          rounded(prediction === null ? null : confidence(prediction, scores[model]!)),
        ),
        tied: predictions.map((prediction) => (prediction !== null && prediction.tiedTop > 1 ? 1 : 0)),
      };
    }),
  };
}

function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(4));
}

/** One image with each model's best classes. */
export function imageDetail({ images, models, scores }: ViewedRun, place: number): ImageDetail | null {
  const image = images[place];
  if (image === undefined) return null;
  return {
    models: models.map((_, model) => {
      const prediction = image.predictions[model] ?? null;
      return { best: prediction === null ? [] : ranked(prediction, scores[model]!) };
    }),
  };
}
