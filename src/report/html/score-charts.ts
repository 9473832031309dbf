import { margins } from '../../metrics/margin.js';
import { runningTop1 } from '../../metrics/running.js';
import { marginChart } from '../charts/margin.js';
import { reliabilityChart } from '../charts/reliability.js';
import { runningChart } from '../charts/running.js';
import { modelColour } from '../charts/theme.js';
import { throughputChart } from '../charts/throughput.js';
import { outcomes } from '../comparison.js';
import { count, counted, duration, percent, range } from '../figures.js';
import type { Report } from '../report.js';
import type { ModelSummary } from '../summary-schema.js';
import { documentedText } from '../wording.js';
import { chartFigure, half } from './chart-figure.js';
import { html, type Markup } from './markup.js';

/** Points of a running curve: as many as a small drawing can tell apart. */
const POINTS = 120;

/** Top-1 while images are seen, a chart a model. */
export async function runningFigures({ record, summary }: Report): Promise<Markup> {
  const figures: Markup[] = [];
  for (const [place, model] of summary.models.entries()) {
    const correct = outcomes(record.models[place]!, record, 1).map((outcome) => outcome.correct);
    const documented = model.documented?.top1 ?? null;
    figures.push(
      await chartFigure({
        title: model.name,
        caption: `Ends at ${percent(model.top1.percent)} (95 % interval ${range(model.top1.wilson95, 2)})${documented === null ? '' : `; documented ${documentedText(documented)}`}.`,
        spec: runningChart(runningTop1(correct, POINTS), documented, modelColour(place)),
        empty: 'No image was counted.',
        ...half,
      }),
    );
  }
  return html`<div class="charts two">${figures}</div>`;
}

/** What the scores are worth: calibration and margin, a pair of charts a model. */
export async function scoreFigures({ record, summary }: Report): Promise<Markup> {
  const figures: Markup[] = [];
  for (const [place, model] of summary.models.entries()) {
    figures.push(await reliability(model, place));
    const found = margins(record.models[place]!.predictions, 30);
    figures.push(
      await chartFigure({
        title: `${model.name}: lead of the best score`,
        caption: `${counted(found.zero, 'image')} with a lead of zero (tied)${found.distribution === null ? '' : `; half of the images have a lead above ${found.distribution.median.toFixed(2)}`}. ${saturationText(model)}`,
        spec: marginChart(found, modelColour(place)),
        empty: 'No image has two scores to compare.',
        ...half,
      }),
    );
  }
  return html`<div class="charts two">${figures}</div>`;
}

/** Images a second over the run; nothing where it was too short to have a course. */
export async function throughputFigure({ summary }: Report): Promise<Markup | null> {
  const { run } = summary;
  const spec = throughputChart(summary);
  if (spec === null) return null;
  return chartFigure({
    title: 'Throughput',
    caption: `${run.imagesPerSecond === null ? 'n/a' : run.imagesPerSecond.toFixed(1)} images a second over ${duration(run.seconds)}, ${counted(run.workers, 'worker')}, batches of ${count(run.batch)}.`,
    spec,
    empty: '',
    ...half,
  });
}

async function reliability(model: ModelSummary, place: number): Promise<Markup> {
  const { calibration } = model;
  const error = calibration.expectedCalibrationError;
  return chartFigure({
    title: `${model.name}: calibration`,
    caption: `Expected calibration error ${error === null ? 'n/a' : `${(100 * error).toFixed(2)} points`} over ${counted(calibration.images, 'image')}. Bars below the diagonal: more confident than right.`,
    spec: reliabilityChart(model, modelColour(place)),
    empty: `No calibration: ${calibration.reason ?? 'no image has a confidence'}.`,
    ...half,
  });
}

function saturationText({ saturation, images }: ModelSummary): string {
  if (saturation === null) return 'No image has a valid score.';
  const { distinctTopScores, mostCommon } = saturation;
  const share = images === 0 ? 0 : mostCommon.images / images;
  const piled =
    share >= 0.05 ? ` ${counted(mostCommon.images, 'image')} share one of them: the scores saturate.` : '';
  return `${count(distinctTopScores)} different top scores.${piled}`;
}
