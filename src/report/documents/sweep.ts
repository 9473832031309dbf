import { recipesChart, RECIPES_DRAWN } from '../charts/recipes.js';
import type { Block, ReportDocument } from '../document/document.js';
import {
  count,
  counted,
  duration,
  percent,
  published,
  pValue,
  range,
  signed,
  signedRange,
} from '../figures.js';
import type { SweepFinding, SweepRecord, SweptRecipe } from '../sweep.js';

/** A sweep: sweep.md and what the terminal prints; the recipes, best first. */
export function sweepDocument(record: SweepRecord): ReportDocument {
  const { model, recipes, images, population, confidence } = record;
  const documented = model.documented?.top1 ?? null;
  const interval = `${(100 * confidence).toFixed(confidence === 0.95 ? 0 : 2)} % interval`;
  return {
    title: `Which preprocessing fits ${model.name}?`,
    lead: null,
    sections: [
      {
        id: 'answer',
        heading: null,
        faces: 'everywhere',
        blocks: [
          {
            kind: 'answer',
            tone: 'none',
            said: sweepAnswer(record),
            more: [...record.findings.map(findingSentence), othersSentence(record)],
          },
          recipesFigure(record),
          {
            kind: 'table',
            label: 'Recipes, best first',
            columns: [
              { head: 'Recipe' },
              { head: 'Top-1', numeric: true },
              { head: interval, numeric: true, wide: true },
              { head: 'Against the best', numeric: true },
              { head: interval, numeric: true, wide: true },
              ...(documented === null ? [] : [{ head: 'From documented', numeric: true }]),
              { head: 'Images', numeric: true },
              { head: '' },
            ],
            rows: recipes.map((recipe) => [
              recipe.name === null ? recipe.label : { text: [{ code: recipe.name }], note: recipe.label },
              { text: percent(recipe.percent, 2), note: count(recipe.top1) },
              range(recipe.interval, 1),
              recipe.difference === null ? '' : signed(recipe.difference.points, 2),
              recipe.difference === null ? '' : signedRange(recipe.difference.interval, 2),
              ...(documented === null ? [] : [signed(recipe.fromDocumented ?? 0, 2)]),
              count(recipe.images),
              recipe.status,
            ]),
          },
          ...agreement(record),
          { kind: 'command', said: 'The best recipe, to be pasted into the config:', command: record.yaml },
        ],
      },
      {
        id: 'measured',
        heading: null,
        faces: 'written',
        blocks: [
          {
            kind: 'paragraph',
            text: record.eliminated
              ? `Recipes were shown the first ${counted(images, 'image')} at most of one random order (seed ${record.seed}) of ${count(population)}, the same for all, and dropped at doubling numbers of images where ${record.target === 'accuracy' ? "McNemar's paired test found them worse than the best" : 'an exact binomial test found their accuracy not to be the documented one'}; the chance of dropping the one that truly fits best is at most ${record.errorRate}. Intervals are 95 % over all looks.`
              : `Every recipe was shown the same ${counted(images, 'image')} of ${count(population)} (seed ${record.seed}).`,
          },
          ...(documented === null
            ? []
            : [
                {
                  kind: 'paragraph',
                  text: `Documented: ${documented} % on ${counted(model.documented?.images ?? 0, 'image')} (${model.documented?.source ?? ''}). Images of another set or a part of it have their own accuracy: the distance tells recipes apart on the whole set only.`,
                } as const,
              ]),
          {
            kind: 'command',
            said: `Took ${duration(record.seconds)}. The command that repeats it:`,
            command: record.command,
          },
        ],
      },
    ],
  };
}

/** A dot plot of the best recipes, for the page. */
function recipesFigure(record: SweepRecord): Block {
  const { recipes, model } = record;
  const drawn = Math.min(recipes.length, RECIPES_DRAWN);
  return {
    kind: 'chart',
    title: `Top-1 of ${model.name} by recipe`,
    caption: `The ${counted(drawn, 'best recipe')} of ${count(recipes.length)}, with the interval of each; blue ones are not told apart from the best.${model.documented?.top1 == null ? '' : ' The dashed line is the documented figure.'}`,
    spec: recipesChart(record),
    empty: 'No recipe was tried.',
    extent: { width: 1060, height: 70 + 24 * drawn },
  };
}

/** Which recipes the documented figure does not speak against. */
function agreement({ recipes, model, errorRate }: SweepRecord): Block[] {
  const documented = model.documented?.top1 ?? null;
  if (documented === null) return [];
  const agreeing = recipes.filter(({ explainsP }) => explainsP !== null && explainsP > errorRate).map(nameOf);
  const text =
    agreeing.length === 0
      ? `No recipe agrees with the documented ${published(documented)}.`
      : `${counted(agreeing.length, 'recipe')} of ${count(recipes.length)} ${agreeing.length === 1 ? 'agrees' : 'agree'} with the documented ${published(documented)}, as far as their images can tell: ${agreeing.slice(0, 3).join('; ')}${agreeing.length > 3 ? `; and ${agreeing.length - 3} more` : ''}.`;
  return [{ kind: 'paragraph', text }];
}

function findingSentence(finding: SweepFinding): string {
  const { axis, best, config, images, gained, lost, mcnemarMidP, certainAt } = finding;
  return `The ${axis} is ${best}, not ${config} as the config's recipe says: all else equal, ${counted(gained, 'image')} of ${count(images)} are right with the first only and ${count(lost)} with the second only (McNemar mid-p ${pValue(mcnemarMidP)}); certain after ${counted(certainAt, 'image')}.`;
}

function sweepAnswer({ recipes, model, target }: SweepRecord): string {
  const [best] = recipes;
  if (best === undefined) return 'No recipe was tried.';
  return target === 'accuracy'
    ? `${model.name} is most accurate with ${nameOf(best)}: ${percent(best.percent, 2)} of ${counted(best.images, 'image')}.`
    : `The documented ${published(model.documented?.top1 ?? 0)} of ${model.name} fits ${nameOf(best)} best: ${percent(best.percent, 2)} of ${counted(best.images, 'image')} (${signed(best.fromDocumented ?? 0, 2)} points).`;
}

function othersSentence({ recipes, target }: SweepRecord): string {
  const tied = recipes.filter(({ status }) => status === 'tied').map(nameOf);
  const shown = 3;
  if (tied.length === 0)
    return target === 'accuracy' ? 'All others are clearly worse.' : 'No other recipe explains it.';
  return `${counted(tied.length, 'recipe')} ${tied.length === 1 ? 'is' : 'are'} not told apart from it: ${tied.slice(0, shown).join('; ')}${tied.length > shown ? `; and ${tied.length - shown} more` : ''}.`;
}

function nameOf({ name, label }: SweptRecipe): string {
  return name ?? label;
}
