import type { Prediction } from '../domain/domain.js';
import { softmaxConfidence } from '../metrics/calibration.js';
import type { Ranked } from '../page/images.js';
import type { ModelRecord } from '../record/run-record.js';

export type ScoreKind = 'logits' | 'probabilities' | 'quantized';

/**
 * What a model's scores are. Integer outputs are quantized units. Floats are probabilities if on every image they lie
 * in [0, 1] and ln of the sum of exp(score) lies where scores that sum to 1 must have it: between
 * ln(n exp(1/n)) (all equal) and ln(n - 1 + e) (one class has it all) for n classes.
 */
export function scoreKind({ facts, predictions }: ModelRecord): ScoreKind {
  return kindOfScores(facts.outputDtype, facts.outputClasses - facts.classOffset, predictions);
}

/** The same of the predictions that are there so far. */
export function kindOfScores(
  outputDtype: string,
  classes: number,
  predictions: Iterable<Prediction>,
): ScoreKind {
  if (!outputDtype.includes('float')) return 'quantized';
  const slack = 1e-3;
  const least = Math.log(classes) + 1 / classes - slack;
  const most = Math.log(classes - 1 + Math.E) + slack;
  let valid = 0;
  for (const { invalid, logSumExp, scores } of predictions) {
    if (invalid) continue;
    valid++;
    const probable = logSumExp >= least && logSumExp <= most;
    if (!probable || scores.some((score) => score < 0 || score > 1 + slack)) return 'logits';
  }
  return valid > 0 ? 'probabilities' : 'logits';
}

/** Confidence in [0, 1] of the Top-1 class; null for quantized units, invalid rows and infinite scores. */
export function confidence(prediction: Prediction, kind: ScoreKind): number | null {
  switch (kind) {
    case 'quantized':
      return null;
    case 'logits':
      return softmaxConfidence(prediction);
    case 'probabilities': {
      const top = prediction.scores[0];
      return prediction.invalid || top === undefined ? null : Math.min(1, top);
    }
  }
}

/** A prediction's best classes with their scores; confidence in [0, 1], null where scores have none. */
export function ranked({ classes, scores, logSumExp }: Prediction, kind: ScoreKind): Ranked[] {
  return classes.map((index, place) => {
    const score = scores[place]!;
    const share = kind === 'logits' ? Math.exp(score - logSumExp) : kind === 'probabilities' ? score : null;
    return { class: index, score, confidence: share === null || !Number.isFinite(share) ? null : share };
  });
}
