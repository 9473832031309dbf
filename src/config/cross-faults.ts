import { existsSync } from 'node:fs';

import { shippedDatasets } from '../dataset/manifest.js';
import { ConfigError } from '../domain/errors.js';
import { shippedModels } from '../model/manifest.js';
import type { LocatedFault } from '../yaml/faults.js';
import { expandVariables, isPath, locate } from './paths.js';
import { recipeSchema } from './recipe-schema.js';
import { labelWords } from './schema.js';
import { resolveRecipe } from './recipes/index.js';
import { didYouMean } from '../yaml/suggest.js';

/**
 * Faults that no schema of one part sees: names that must meet other names, files, recipes or variables. They are
 * looked for in the raw document, so that they are told together with the schema's. What isn't of the right type is
 * passed over here; the schema tells of it.
 */
export function crossFaults(
  raw: unknown,
  file: string | null,
  environment: Readonly<Record<string, string | undefined>>,
): LocatedFault[] {
  const config = map(raw);
  const dataset = map(config.dataset);
  const models = Array.isArray(config.models) ? config.models.map(map) : [];
  return [
    ...['images', 'labels', 'labels_real', 'synsets', 'only', 'exclude'].flatMap((key) =>
      unsetVariables(dataset[key], ['dataset', key], environment),
    ),
    ...labelsFault(dataset.labels, file),
    ...recipeFaults(config.recipe, ['recipe']),
    ...models.flatMap((model, i) => modelFaults(model, i, models, config.recipe !== undefined, environment)),
    ...(Array.isArray(config.sweep)
      ? config.sweep.flatMap((recipe: unknown, i) => recipeFaults(recipe, ['sweep', i]))
      : []),
  ];
}

function map(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function modelFaults(
  model: Readonly<Record<string, unknown>>,
  i: number,
  models: readonly Readonly<Record<string, unknown>>[],
  hasRecipe: boolean,
  environment: Readonly<Record<string, string | undefined>>,
): LocatedFault[] {
  const at = (key: string, text: string): LocatedFault => ({ path: ['models', i, key], text });
  const faults: LocatedFault[] = [];
  const names = models.flatMap(({ name }) => (typeof name === 'string' ? [name] : []));
  const twin = models.findIndex(({ name }) => name !== undefined && name === model.name);
  if (twin >= 0 && twin < i)
    faults.push(at('name', `${JSON.stringify(model.name)} is taken by models[${twin}]`));
  const { compare_with: other, manifest } = model;
  if (typeof other === 'string' && other === model.name)
    faults.push(at('compare_with', "a model can't be compared with itself"));
  else if (typeof other === 'string' && !names.includes(other))
    faults.push(at('compare_with', `no model is called ${JSON.stringify(other)}.${choice(other, names)}`));
  if (manifest === undefined && model.scores === undefined && model.recipe === undefined && !hasRecipe)
    faults.push(
      at(
        'recipe',
        'expected a recipe here or for the whole config; preprocessing decides the figure and has no default (`imagenet-eval recipes` lists them)',
      ),
    );
  if (
    typeof manifest === 'string' &&
    !isPath(manifest) &&
    !shippedModels().includes(manifest) &&
    !existsSync(manifest)
  )
    faults.push(
      at(
        'manifest',
        `no shipped model is called ${JSON.stringify(manifest)}.${choice(manifest, shippedModels())}`,
      ),
    );
  return [
    ...faults,
    ...recipeFaults(model.recipe, ['models', i, 'recipe']),
    ...['path', 'manifest', 'scores'].flatMap((key) =>
      unsetVariables(model[key], ['models', i, key], environment),
    ),
    ...['file', 'index'].flatMap((key) =>
      unsetVariables(map(model.scores)[key], ['models', i, 'scores', key], environment),
    ),
  ];
}

/** A guess, else all that there is. */
function choice(word: string, accepted: readonly string[]): string {
  const guess = didYouMean(word, accepted);
  return guess === '' && accepted.length > 0 ? ` There are: ${accepted.join(', ')}.` : guess;
}

function labelsFault(labels: unknown, file: string | null): LocatedFault[] {
  if (typeof labels !== 'string' || labels === '' || isPath(labels)) return [];
  const words = [...labelWords, ...shippedDatasets()];
  if (words.includes(labels) || existsSync(locate(labels, file))) return [];
  const text = `expected one of ${words.join(', ')}, or the path of a label file, got ${JSON.stringify(labels)}.${didYouMean(labels, words)}`;
  return [{ path: ['dataset', 'labels'], text }];
}

/** What a recipe of the right form still contradicts or names in vain. */
function recipeFaults(recipe: unknown, path: readonly PropertyKey[]): LocatedFault[] {
  const parsed = recipeSchema.safeParse(recipe);
  if (!parsed.success) return [];
  try {
    resolveRecipe(parsed.data);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [{ path, text: `${error.what}${error.remedy === null ? '' : ` ${error.remedy}`}` }];
  }
}

function unsetVariables(
  value: unknown,
  path: readonly PropertyKey[],
  environment: Readonly<Record<string, string | undefined>>,
): LocatedFault[] {
  if (typeof value !== 'string') return [];
  return expandVariables(value, environment).unset.map((name) => ({
    path,
    text: `the environment variable ${name} is not set: export ${name}=/path/to/it, or write the path here`,
  }));
}
