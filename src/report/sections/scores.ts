import { margins } from '../../metrics/margin.js';
import { runningTop1 } from '../../metrics/running.js';
import { MARGIN_BARS, marginChart } from '../charts/margin.js';
import { reliabilityChart } from '../charts/reliability.js';
import { runningChart } from '../charts/running.js';
import { half, modelColour, whole } from '../charts/theme.js';
import { outcomes } from '../comparison.js';
import { pageSection, type ChartBlock, type Section } from '../document/document.js';
import { counted, modelDecimals, percent, published } from '../figures.js';
import type { Report } from '../report.js';
import type { ModelSummary } from '../summary-schema.js';

/** Points of a running curve: as many as a drawing can tell apart. */
const POINTS = 100;

/** Top-1 while images are seen, all models in one panel. */
export function runningSection(report: Report): Section {
  return pageSection({ id: 'running', heading: 'Top-1 while images are seen', nav: 'Running' }, () => [
    runningTop1Chart(report),
  ]);
}

function runningTop1Chart({ record, summary }: Report): ChartBlock {
  const { models, dataset } = summary;
  const curves = models.map((model, place) => ({
    name: model.name,
    colour: modelColour(place),
    documented: model.documented?.top1 ?? null,
    points: runningTop1(
      outcomes(record.models[place]!, record, 1).map(({ correct }) => correct),
      POINTS,
    ),
  }));
  const ends = models.map(
    (model) => `${model.name} ends at ${percent(model.top1.percent, modelDecimals(model))}`,
  );
  return {
    kind: 'chart',
    title: 'Running Top-1',
    caption: `After each of ${counted(dataset.images, 'image')} in the order of the data set: ${ends.join(', ')}. The bands are 95 % intervals of each model alone at that point; the first images swing beyond the panel.`,
    spec: runningChart(curves),
    empty: 'No image was counted.',
    ...whole,
    legend: models.map(({ name, documented }, model) => ({
      model,
      text: documented?.top1 == null ? name : `${name}, dashed: documented ${published(documented.top1)}`,
    })),
  };
}

/** What the scores are worth: calibration and margin, a pair of charts a model. */
export function scoresSection({ record, summary }: Report): Section {
  return pageSection({ id: 'scores', heading: 'Calibration and margin', nav: 'Calibration' }, () => [
    {
      kind: 'row',
      blocks: summary.models.flatMap((model, place): ChartBlock[] => {
        const found = margins(record.models[place]!.predictions, MARGIN_BARS);
        return [
          reliability(model, place),
          {
            kind: 'chart',
            title: `${model.name}: margin, best score less second best`,
            caption: `${found.distribution === null ? '' : `Half of the images have a margin above ${found.distribution.median.toFixed(2)}; `}${counted(found.zero, 'image')} ${found.zero === 1 ? 'has' : 'have'} none (tied). ${saturationText(model)}`,
            spec: marginChart(found, modelColour(place), model.slug),
            empty: 'No image has two scores to compare.',
            ...half,
          },
        ];
      }),
    },
  ]);
}

function reliability(model: ModelSummary, place: number): ChartBlock {
  const { calibration } = model;
  return {
    kind: 'chart',
    title: `${model.name}: calibration (reliability diagram)`,
    caption: calibrationText(model),
    spec: reliabilityChart(model, modelColour(place)),
    empty: `No calibration: ${calibration.reason ?? 'no image has a confidence'}.`,
    ...half,
  };
}

/** What the diagram shows: whether the model's confidence is above or below the share that it has right. */
function calibrationText({ calibration }: ModelSummary): string {
  const { images, bins, expectedCalibrationError: error, errorByChance, brierScore } = calibration;
  const { negativeLogLikelihood } = calibration;
  if (images === 0 || error === null) return '';
  const correct = bins.reduce((sum, bin) => sum + bin.correct, 0) / images;
  const sure = bins.reduce((sum, bin) => sum + bin.images * (bin.meanConfidence ?? 0), 0) / images;
  // Two standard errors of the share: what the images at hand can't tell from calibrated.
  const noise = 2 * Math.sqrt((correct * (1 - correct)) / images);
  const word =
    Math.abs(sure - correct) <= Math.max(noise, 0.005)
      ? 'Confident about as often as right'
      : sure > correct
        ? 'Over-confident'
        : 'Under-confident';
  return `${word}: mean confidence ${percent(100 * sure, 1)}, ${percent(100 * correct, 1)} right. Expected calibration error ${(100 * error).toFixed(1)} points over ${counted(images, 'image')}${
    errorByChance === null
      ? ''
      : ` (a perfectly calibrated model would show ${(100 * errorByChance).toFixed(1)} on so few)`
  }${
    brierScore === null || negativeLogLikelihood === null
      ? ''
      : `; Brier score ${brierScore.toFixed(4)}, negative log-likelihood ${negativeLogLikelihood.toFixed(4)} of the Top-1 confidence`
  }; points above the diagonal are under-confident, below it over-confident.`;
}

function saturationText({ saturation, images }: ModelSummary): string {
  if (saturation === null) return 'No image has a valid score.';
  const { distinctTopScores, mostCommon } = saturation;
  const share = images === 0 ? 0 : mostCommon.images / images;
  const piled =
    share >= 0.05 ? ` ${counted(mostCommon.images, 'image')} share one of them: the scores saturate.` : '';
  return `${counted(distinctTopScores, 'different top score')}.${piled}`;
}
