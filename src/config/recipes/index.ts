import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import * as z from 'zod';
import type { Recipe } from 'reference-pixels/recipe';

import { ConfigError } from '../../domain/errors.js';
import { packageFolder } from '../../domain/package-folder.js';
import { parseYaml, type YamlKind } from '../../yaml/read-yaml.js';
import { didYouMean } from '../../yaml/suggest.js';
import { recipeFrom } from '../recipe-form.js';
import { recipeSchema, type RecipeConfig } from '../recipe-schema.js';
import { findWeight, libraryNames, weightNames, weightVariants } from './weights.js';

/** A recipe under the name it is chosen by. */
export interface NamedRecipe {
  readonly name: string;
  readonly recipe: Recipe;
  /** Where the pipeline is written down: project, file and function. */
  readonly source: string;
  /** What sets it apart, and what it does not reproduce. One or two sentences for `imagenet-eval recipes`. */
  readonly note: string;
}

const entrySchema = z.strictObject({
  note: z.string().min(1).describe('What sets the recipe apart, and what it does not reproduce.'),
  source: z.string().min(1).describe('Where the pipeline is written down: project, file and function.'),
  recipe: recipeSchema,
});

const recipeFile: YamlKind<Record<string, z.output<typeof entrySchema>>> = {
  kind: 'recipe file',
  schema: z.record(z.string().regex(/^[a-z0-9][a-z0-9.-]*$/), entrySchema),
  invalid: 'invalid-recipe-file',
  remedy: null,
  example: 'Begin with a copy of another in recipes/.',
};

/** Folder of the shipped recipes: one YAML file a framework, read when the first recipe is asked for. */
const folder = join(packageFolder, 'recipes');

/** Listed before the others: of recipes that do the same, a sweep names the first. */
const foremost = ['timm.yaml', 'torchvision.yaml', 'plain.yaml'];

type Entries = ReadonlyMap<string, z.output<typeof entrySchema>>;
let shipped: Entries | null = null;

function entries(): Entries {
  shipped ??= readEntries();
  return shipped;
}

function readEntries(): Entries {
  const found = new Map<string, z.output<typeof entrySchema>>();
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort();
  for (const file of new Set([...foremost, ...files])) {
    const path = join(folder, file);
    for (const [name, entry] of Object.entries(parseYaml(readFileSync(path, 'utf8'), recipeFile, path))) {
      if (found.has(name)) throw twice(name, path);
      found.set(name, entry);
    }
  }
  return found;
}

function twice(name: string, path: string): ConfigError {
  return new ConfigError({
    code: 'invalid-recipe-file',
    what: `the recipe ${name} stands in another file of ${basename(folder)}/ too`,
    where: path,
    remedy: 'Give it another name.',
  });
}

/** All names, file by file. */
export function recipeNames(): readonly string[] {
  return [...entries().keys()];
}

/** Every named recipe with its source, for `imagenet-eval recipes`. */
export function listRecipes(): readonly NamedRecipe[] {
  return recipeNames().map(findRecipe);
}

/** The recipe of that name, or of a published weight (`timm:resnet50.a1_in1k`). @throws ConfigError `recipe-unknown`, with the nearest name. */
export function findRecipe(name: string): NamedRecipe {
  return find(name, []);
}

/** @param via the names that led here: a recipe that starts from itself is a fault of its file */
function find(name: string, via: readonly string[]): NamedRecipe {
  const weight = findWeight(name, (other) => find(other, [...via, name]).recipe);
  if (weight !== null) return { name, ...weight };
  const entry = entries().get(name);
  if (entry === undefined || via.includes(name)) throw unknown(name);
  const { recipe, source, note } = entry;
  const said = recipeFrom(recipe, (base) => find(base, [...via, name]).recipe);
  return { name, recipe: { ...said, name }, source, note };
}

function unknown(name: string): ConfigError {
  const library = libraryNames.find((known) => name.startsWith(`${known}:`));
  const [weight, variant] = name.split('@') as [string, string | undefined];
  const isWeight = library !== undefined && weightNames(library).includes(weight);
  return new ConfigError({
    code: 'recipe-unknown',
    what:
      isWeight && variant !== undefined
        ? `The recipe ${weight} has no variant "${variant}"; there are: ${weightVariants(library).join(', ')}.`
        : `No recipe is called "${name}".${didYouMean(name, library === undefined ? recipeNames() : weightNames(library))}`,
    where: null,
    remedy:
      library === undefined
        ? 'List them with: imagenet-eval recipes'
        : `List them with: imagenet-eval recipes ${library}:`,
  });
}

/**
 * The recipe that a validated config means; its name is null unless the config is a name.
 * @throws ConfigError `recipe-unknown` or `recipe-contradiction`; `where` is null, the caller knows the path.
 */
export function resolveRecipe(said: RecipeConfig): Recipe {
  return recipeFrom(said, (name) => findRecipe(name).recipe);
}
