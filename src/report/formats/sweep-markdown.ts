import { count, counted, duration, percent, range, signed, signedRange } from '../figures.js';
import { code, plain, table } from '../markdown.js';
import type { SweepRecord, SweptRecipe } from '../sweep.js';

/** `sweep.md`: the recipes, best first. */
export function sweepMarkdown(record: SweepRecord): string {
  const { model, recipes, images, population, confidence } = record;
  const documented = model.documented?.top1 ?? null;
  const shown = (100 * confidence).toFixed(confidence === 0.95 ? 0 : 2);
  const parts = [
    `# Which preprocessing fits ${plain(model.name)}?`,
    plain(sweepAnswer(record)),
    table(
      [
        { head: 'Recipe', align: 'left' },
        { head: 'Top-1', align: 'right' },
        { head: `${shown} % interval`, align: 'right' },
        { head: 'Against the best', align: 'right' },
        { head: `${shown} % interval`, align: 'right' },
        { head: 'From documented', align: 'right' },
        { head: 'Images', align: 'right' },
        { head: '', align: 'left' },
      ],
      recipes.map((recipe) => [
        recipe.name === null ? plain(recipe.label) : `${code(recipe.name)} (${plain(recipe.label)})`,
        `${percent(recipe.percent, 2)} (${count(recipe.top1)})`,
        range(recipe.interval, 1),
        recipe.difference === null ? '' : signed(recipe.difference.points, 2),
        recipe.difference === null ? '' : signedRange(recipe.difference.interval, 2),
        recipe.fromDocumented === null ? 'n/a' : signed(recipe.fromDocumented, 2),
        count(recipe.images),
        recipe.status,
      ]),
    ),
    record.eliminated
      ? `Recipes were shown the first ${counted(images, 'image')} at most of one random order (seed ${record.seed}) of ${count(population)}, the same for all, and dropped at doubling numbers of images where McNemar's paired test found them worse than the best; the chance of dropping the one that is truly best is at most ${record.errorRate}. Intervals are of ${shown} %: 95 % over all looks.`
      : `Every recipe was shown the same ${counted(images, 'image')} of ${count(population)} (seed ${record.seed}).`,
    documented === null
      ? 'No figure is documented for this model.'
      : `Documented: ${documented} % on ${count(model.documented?.images ?? 0)} images (${plain(model.documented?.source ?? '')}). Images of another set or a part of it have their own accuracy: the distance tells recipes apart on the whole set only.`,
    `Took ${duration(record.seconds)}. To repeat it: ${code(record.command)}`,
  ];
  return `${parts.join('\n\n')}\n`;
}

/** The answer in a sentence or two. */
export function sweepAnswer({ recipes, model }: SweepRecord): string {
  const [best] = recipes;
  if (best === undefined) return 'No recipe was tried.';
  const tied = recipes.filter(({ status }) => status === 'tied');
  return `${model.name} is most accurate with ${title(best)}: ${percent(best.percent, 2)} of ${counted(best.images, 'image')}. ${
    tied.length === 0
      ? 'All others are clearly worse.'
      : `Not told apart from it: ${tied.map(title).slice(0, 12).join('; ')}${tied.length > 12 ? ` and ${tied.length - 12} more` : ''}.`
  }`;
}

function title({ name, label }: SweptRecipe): string {
  return name ?? label;
}
