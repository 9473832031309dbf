import { recipeDigest } from '../../config/recipe-form.js';
import { wilsonInterval } from '../../metrics/interval.js';
import { mcNemarMidP } from '../../metrics/mcnemar.js';
import { tangoInterval } from '../../metrics/paired-interval.js';
import type { DocumentedFigure } from '../../record/documented-figure.js';
import type { SweptRecipe } from '../../report/sweep.js';
import { clearlyWorse, pairHits } from './elimination.js';
import { recipeLabel, recipeName } from './recipe-label.js';
import type { TriedRecipe } from './sweep-runner.js';

interface RankingRules {
  /** Images that a recipe was shown at most. */
  readonly images: number;
  readonly confidence: number;
  readonly documented: DocumentedFigure | null;
  readonly errorRate: number;
}

/**
 * Trials by accuracy, dropped ones after the others; equals stay in the order given. A recipe is tied with the
 * best where the paired test can't tell them apart.
 */
export function rankRecipes(trials: readonly TriedRecipe[], rules: RankingRules): SweptRecipe[] {
  const last = trials.filter((trial) => !trial.dropped);
  const worse = clearlyWorse(
    last.map((trial) => trial.top1),
    rules.errorRate,
    1,
  );
  const worseRecipes = new Set(last.filter((_, place) => worse.has(place)));
  const share = (trial: TriedRecipe): number => hits(trial.top1) / Math.max(1, seen(trial));
  const ranked = [...trials].sort(
    (a, b) => Number(a.dropped) - Number(b.dropped) || b.shown - a.shown || share(b) - share(a),
  );
  const best = ranked[0]!;
  return ranked.map((trial): SweptRecipe => {
    const images = seen(trial);
    const top1 = hits(trial.top1);
    const percent = images === 0 ? null : (100 * top1) / images;
    const { lower, upper } = wilsonInterval(top1, images, rules.confidence);
    const documented = rules.documented?.top1 ?? null;
    return {
      name: recipeName(trial.recipe),
      label: recipeLabel(trial.recipe),
      recipe: trial.recipe,
      sha256: recipeDigest(trial.recipe),
      status:
        trial === best ? 'best' : trial.dropped ? 'dropped' : worseRecipes.has(trial) ? 'worse' : 'tied',
      images,
      top1,
      top5: hits(trial.top5),
      percent,
      interval: [100 * lower, 100 * upper],
      difference: trial === best ? null : difference(best, trial, rules.confidence),
      fromDocumented: documented === null || percent === null ? null : percent - documented,
    };
  });
}

function difference(best: TriedRecipe, trial: TriedRecipe, confidence: number): SweptRecipe['difference'] {
  const { images, first, second } = pairHits(best.top1, trial.top1);
  const both = best.top1.filter((hit, place) => hit === true && trial.top1[place] === true).length;
  const { lower, upper } = tangoInterval(
    {
      bothCorrect: both,
      referenceOnly: first,
      candidateOnly: second,
      bothWrong: images - both - first - second,
    },
    confidence,
  );
  return {
    points: images === 0 ? 0 : (100 * (second - first)) / images,
    interval: [-100 * upper, -100 * lower],
    images,
    lost: first,
    gained: second,
    mcnemarMidP: mcNemarMidP(first, second),
  };
}

function hits(column: TriedRecipe['top1']): number {
  return column.filter((hit) => hit === true).length;
}

function seen({ top1 }: TriedRecipe): number {
  return top1.filter((hit) => hit !== null).length;
}
