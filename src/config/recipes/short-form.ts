import type { Recipe } from 'reference-pixels/recipe';

import { recipeDigest, recipeToConfig } from '../recipe-form.js';
import type { RecipeConfig } from '../recipe-schema.js';
import { listRecipes, resolveRecipe } from './index.js';

/** The recipe's name; else the named one that it differs from in fewest keys, with these; else all keys. */
export function shortForm(recipe: Recipe): RecipeConfig {
  if (recipe.name !== null) return recipe.name;
  const own: Readonly<Record<string, unknown>> = { ...recipeToConfig(recipe) };
  const forms = listRecipes().map((named): Exclude<RecipeConfig, string> => {
    const base: Readonly<Record<string, unknown>> = { ...recipeToConfig(named.recipe) };
    const keys = Object.keys(own).filter((key) => JSON.stringify(own[key]) !== JSON.stringify(base[key]));
    return { base: named.name, ...Object.fromEntries(keys.map((key) => [key, own[key]])) };
  });
  const [shortest] = forms.sort((a, b) => Object.keys(a).length - Object.keys(b).length);
  const same = shortest !== undefined && recipeDigest(resolveRecipe(shortest)) === recipeDigest(recipe);
  return squareCrop(same && Object.keys(shortest).length <= 4 ? shortest : recipeToConfig(recipe));
}

/** A square crop at the usual offset is a plain number. */
function squareCrop(form: Exclude<RecipeConfig, string>): RecipeConfig {
  const { crop } = form;
  if (typeof crop !== 'object' || crop.width !== crop.height || crop.offset !== 'half-even') return form;
  return crop.fill === undefined ? { ...form, crop: crop.width } : form;
}
