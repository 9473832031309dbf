import type { Recipe } from 'reference-pixels/recipe';

import { modelNamed, parseConfig, type Config } from '../../config/config.js';
import { findRecipe } from '../../config/recipes/index.js';
import { findLabels, type FoundLabels } from '../../dataset/find-labels.js';
import { recipeLabel } from '../../config/recipes/recipe-label.js';
import { configText, type QuickModel } from './config-text.js';
import { findStatedRecipe } from './find-recipe.js';
import { readInputs, type ModelInput } from './model-input.js';
import { tryRecipes, usualRecipes } from './try-recipes.js';

/** What a run without a config is given. */
export interface QuickRequest {
  /** Model files, the one that the others are compared with usually first. */
  readonly models: readonly string[];
  readonly images: string;
  /** As a config's `dataset.labels`; null to find them. */
  readonly labels: string | null;
  /** Name of a recipe for all models; null to find one for each. */
  readonly recipe: string | null;
  /** Documented Top-1 in percent of each model in order; fewer than models leave the rest without. */
  readonly documented: readonly number[];
  /** Name of the model that the others are compared with; null: the first, where there are several. */
  readonly compareWith: string | null;
  readonly workers: number | null;
  readonly signal: AbortSignal;
  /** Told of what is found, a sentence at a time. */
  readonly tell: (text: string) => void;
}

/** A run without a config, thought out. */
export interface Quick {
  readonly config: Config;
  /** The commented config, as `init` writes it. */
  readonly text: string;
  /** Which recipes were taken and why, as the report tells it. */
  readonly notes: readonly string[];
}

/**
 * Finds labels and recipes and writes the config that nobody wrote. Labels come from folders, file names or a file beside;
 * a recipe from the files beside its model, else from trying a few usual ones on the first images.
 * @returns null where the signal stopped it
 * @throws EvalError where the images, their labels or a model can't be used
 */
export async function planQuickRun(request: QuickRequest): Promise<Quick | null> {
  const inputs = await readInputs(request.models);
  const compareWith = comparedWith(request.compareWith, inputs);
  const labels = await findLabels(request.images, request.labels);
  request.tell(`Labels: ${labels.labels}, for ${labels.why} (${labels.labelled} of ${labels.images}).`);
  const models: QuickModel[] = [];
  for (const [at, input] of inputs.entries()) {
    const found = await recipeFor(input, models, labels, request);
    if (found === null) return null;
    const documented = request.documented[at] ?? null;
    models.push({ ...input, ...found, manifest: documented === null ? found.manifest : null, documented });
  }
  const text = configText({ images: request.images, labels, models, compareWith });
  // The twin of another model says the same as that one.
  const notes = [...new Set(models.map(({ why }) => why))];
  return { config: parseConfig(text, process.env), text, notes };
}

function comparedWith(said: string | null, inputs: readonly ModelInput[]): string | null {
  if (said === null) return inputs.length > 1 ? inputs[0]!.name : null;
  const found = inputs.find(({ file }) => file === said) ?? modelNamed(said, inputs, '--compare-with');
  return found.name;
}

type ChosenRecipe = Pick<QuickModel, 'recipe' | 'why' | 'manifest'>;

async function recipeFor(
  model: ModelInput,
  before: readonly QuickModel[],
  labels: FoundLabels,
  request: QuickRequest,
): Promise<ChosenRecipe | null> {
  const { tell } = request;
  if (request.recipe !== null) {
    const { recipe } = findRecipe(request.recipe);
    return { recipe, why: `The recipe ${request.recipe} was given.`, manifest: null };
  }
  const { stated, notes } = await findStatedRecipe(model);
  for (const note of notes) tell(note);
  if (stated !== null) {
    const why = `${model.name}: recipe ${called(stated.recipe)}, for ${stated.why}.`;
    tell(why);
    return { ...stated, why };
  }
  const twin = before.find((other) => other.dtype === model.dtype && sameSize(other, model));
  if (twin !== undefined) {
    const why = `${model.name}: the recipe of ${twin.name}, for its input is alike.`;
    tell(why);
    return { recipe: twin.recipe, why: twin.why, manifest: null };
  }
  const tried = await tryRecipes({
    config: trialConfig(model, labels, request),
    model,
    workers: request.workers,
    signal: request.signal,
    onLook: (recipes, images) => {
      tell(`${model.name}: ${recipes} recipes on the first ${images} images`);
    },
  });
  if (tried === null) return null;
  const why = `${model.name}: recipe ${called(tried.recipe)}, for ${tried.why}. The others: ${tried.others}.`;
  tell(why);
  return { recipe: tried.recipe, why, manifest: null };
}

function sameSize(a: ModelInput, b: ModelInput): boolean {
  return a.size?.width === b.size?.width && a.size?.height === b.size?.height;
}

function called(recipe: Recipe): string {
  return recipe.name ?? `"${recipeLabel(recipe)}"`;
}

/** A config of one model with some recipe that it takes, for the trial to replace. */
function trialConfig(model: ModelInput, labels: FoundLabels, { images }: QuickRequest): Config {
  const [recipe] = usualRecipes(model);
  const trial: QuickModel = { ...model, recipe: recipe!, why: '', manifest: null, documented: null };
  return parseConfig(configText({ images, labels, models: [trial], compareWith: null }), process.env);
}
