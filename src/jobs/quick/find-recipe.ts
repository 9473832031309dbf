import { readdir } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { Recipe } from 'reference-pixels/recipe';

import { findRecipe } from '../../config/recipes/index.js';
import { parseRecipeFile } from '../../config/recipes/recipe-file.js';
import { weightNames } from '../../config/recipes/weights.js';
import { EvalError } from '../../domain/errors.js';
import { recipeSize } from '../../model/facts.js';
import { loadModelManifest, shippedModels } from '../../model/manifest.js';
import { readTextFile } from '../../yaml/read-text.js';
import type { ModelInput } from './model-input.js';

/** A model's preprocessing as some file states it. */
export interface StatedRecipe {
  readonly recipe: Recipe;
  /** A clause that says where it stands. */
  readonly why: string;
  /** The shipped manifest of exactly this file; null where there is none. */
  readonly manifest: string | null;
}

/** What was looked at on the way: the recipe, if any, and what was passed over, for people. */
export interface Found {
  readonly stated: StatedRecipe | null;
  readonly notes: readonly string[];
}

/**
 * Asks the files that can know a model's preprocessing: a shipped manifest of the same SHA-256, a recipe file beside the
 * model (timm's, Hugging Face's, ST's), a published weight by the model's name. One that makes another size than the
 * network takes is passed over.
 */
export async function findStatedRecipe(model: ModelInput): Promise<Found> {
  const notes: string[] = [];
  for (const source of [byManifest, byFileBeside, byWeightName]) {
    const stated = await source(model, notes);
    if (stated === null) continue;
    if (fits(stated.recipe, model)) return { stated, notes };
    notes.push(`${model.name}: ${stated.why}, but its size is not that of ${model.port}; passed over.`);
  }
  return { stated: null, notes };
}

function fits(recipe: Recipe, { size }: ModelInput): boolean {
  const made = recipeSize(recipe);
  return size === null || made === null || (made.width === size.width && made.height === size.height);
}

async function byManifest({ sha256 }: ModelInput): Promise<StatedRecipe | null> {
  for (const name of shippedModels()) {
    const manifest = await loadModelManifest(name);
    if (manifest.sha256 !== sha256 || manifest.recipe === undefined) continue;
    return {
      recipe: findRecipe(manifest.recipe).recipe,
      why: `it is the file of the shipped manifest ${name}`,
      manifest: name,
    };
  }
  return null;
}

/** Names of recipe files that speak of the whole folder. */
const folderFiles = new Set(['config.json', 'preprocessor_config.json']);

async function byFileBeside(model: ModelInput, notes: string[]): Promise<StatedRecipe | null> {
  const folder = dirname(model.file);
  const stem = basename(model.file, extname(model.file));
  const names = (await readdir(folder).catch(() => []))
    .filter((name) => ['.json', '.yaml', '.yml'].includes(extname(name)))
    .filter((name) => folderFiles.has(name) || isOf(name, stem))
    // One that bears the model's name before one of the folder, the closest name first.
    .sort((a, b) => Number(folderFiles.has(a)) - Number(folderFiles.has(b)) || b.length - a.length);
  for (const name of names) {
    try {
      const text = await readTextFile(join(folder, name), 'recipe file');
      const { recipe, warnings } = parseRecipeFile(text, 'auto', model.size);
      notes.push(...warnings.map((warning) => `${name}: ${warning}`));
      return { recipe, why: `${name} beside the model states it`, manifest: null };
    } catch (error) {
      if (!(error instanceof EvalError)) throw error;
      if (folderFiles.has(name) || isOf(name, stem))
        notes.push(`${name} beside ${model.name} was passed over: ${error.what}`);
    }
  }
  return null;
}

/** `hardnet_config.yaml` is of `hardnet.onnx` and of `hardnet_qdq_int8.onnx`. */
function isOf(name: string, stem: string): boolean {
  const own = basename(name, extname(name)).replace(/[._-](config|preprocessing|preprocessor)$/, '');
  return own.length > 3 && stem.startsWith(own);
}

function byWeightName(model: ModelInput): Promise<StatedRecipe | null> {
  const stem = basename(model.file, extname(model.file)).toLowerCase();
  const name = weightNames().find((weight) => weight.slice(weight.indexOf(':') + 1).toLowerCase() === stem);
  if (name === undefined) return Promise.resolve(null);
  const variants = name.startsWith('timm:') ? [name, `${name}@test`] : [name];
  const fitting = variants.find((variant) => fits(findRecipe(variant).recipe, model)) ?? name;
  const { recipe } = findRecipe(fitting);
  return Promise.resolve({ recipe, why: `the file has the name of the weight ${fitting}`, manifest: null });
}
