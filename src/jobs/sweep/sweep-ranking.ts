import { recipeDigest } from '../../config/recipe-form.js';
import { wilsonInterval } from '../../metrics/interval.js';
import { mcNemarMidP } from '../../metrics/mcnemar.js';
import { tangoInterval } from '../../metrics/paired-interval.js';
import type { DocumentedFigure } from '../../record/documented-figure.js';
import type { SweptRecipe } from '../../report/sweep.js';
import { explainsP, type Criterion } from './criterion.js';
import { countHits, pairHits } from './elimination.js';
import { recipeLabel, recipeName } from '../../config/recipes/recipe-label.js';
import type { TriedRecipe } from './sweep-runner.js';

interface RankingRules {
  readonly criterion: Criterion;
  readonly confidence: number;
  readonly documented: DocumentedFigure | null;
  readonly errorRate: number;
}

/**
 * Recipes by how well they fit, dropped ones after the others; equals stay in the order given. A recipe is tied with the
 * best where the criterion can't tell them apart.
 */
export function rankRecipes(trials: readonly TriedRecipe[], rules: RankingRules): SweptRecipe[] {
  const last = trials.filter((trial) => !trial.dropped);
  const columns = last.map((trial) => trial.top1);
  const worse = rules.criterion.out(columns, rules.errorRate, 1);
  const worseRecipes = new Set(last.filter((_, place) => worse.has(place)));
  const best = last[rules.criterion.best(columns)]!;
  const others = trials.filter((trial) => trial !== best);
  const ranked = [best];
  // The next best of those that were shown as many images, again and again.
  for (const group of [...new Set(others.map(groupOf))].sort((a, b) => a - b)) {
    let left = others.filter((trial) => groupOf(trial) === group);
    while (left.length > 0) {
      const next = left[rules.criterion.best(left.map((trial) => trial.top1))]!;
      ranked.push(next);
      left = left.filter((trial) => trial !== next);
    }
  }
  return ranked.map((trial): SweptRecipe => {
    const { right: top1, images } = countHits(trial.top1);
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
      top5: countHits(trial.top5).right,
      percent,
      interval: [100 * lower, 100 * upper],
      difference: trial === best ? null : difference(best, trial, rules.confidence),
      explainsP: documented === null ? null : explainsP(trial.top1, documented),
      fromDocumented: documented === null || percent === null ? null : percent - documented,
    };
  });
}

/** Recipes that were not dropped before others, those shown more images first. */
function groupOf({ dropped, shown }: TriedRecipe): number {
  return (dropped ? 1e9 : 0) - shown;
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
