import { ConfigError } from '../../domain/errors.js';
import type { Recipe } from '../../image/recipe.js';
import { didYouMean } from '../suggest.js';
import type { RecipeEntry } from './entry.js';
import { keras } from './keras.js';
import { mlperf } from './mlperf.js';
import { onnxModelZoo } from './onnx-model-zoo.js';
import { openvino } from './openvino.js';
import { plain } from './plain.js';
import { stmicroelectronics } from './stmicroelectronics.js';
import { tensorflow } from './tensorflow.js';
import { timm } from './timm.js';
import { torchvision } from './torchvision.js';

export type { RecipeEntry } from './entry.js';

const entries = {
  ...timm,
  ...torchvision,
  ...plain,
  ...stmicroelectronics,
  ...keras,
  ...tensorflow,
  ...mlperf,
  ...openvino,
  ...onnxModelZoo,
} as const satisfies Record<string, RecipeEntry>;

export type RecipeName = keyof typeof entries;

/** A recipe under the name it is chosen by. */
export interface NamedRecipe {
  readonly name: RecipeName;
  readonly recipe: Recipe;
  readonly source: string;
  readonly note: string;
}

/** All names, in the order of the files above. */
export const recipeNames = Object.keys(entries) as readonly RecipeName[]; // Object.keys of a literal gives its keys

function isRecipeName(name: string): name is RecipeName {
  return Object.hasOwn(entries, name);
}

function named(name: RecipeName): NamedRecipe {
  const { recipe, source, note }: RecipeEntry = entries[name];
  return { name, recipe: { name, ...recipe }, source, note };
}

/** Every named recipe with its source, for `imagenet-eval recipes`. */
export function listRecipes(): readonly NamedRecipe[] {
  return recipeNames.map(named);
}

/** The recipe of that name. @throws ConfigError `recipe-unknown`, with the nearest name. */
export function findRecipe(name: string): NamedRecipe {
  if (isRecipeName(name)) return named(name);
  throw new ConfigError({
    code: 'recipe-unknown',
    what: `No recipe is called "${name}".${didYouMean(name, recipeNames)}`,
    where: null,
    remedy: 'List them with: imagenet-eval recipes',
  });
}
