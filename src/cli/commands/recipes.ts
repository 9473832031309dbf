import type { Command } from 'commander';
import type { Recipe } from 'reference-pixels/recipe';
import { stringify } from 'yaml';

import { recipeToConfig } from '../../config/recipe-form.js';
import { parseRecipeFile, recipeFileKinds } from '../../config/recipes/recipe-file.js';
import { findRecipe, listRecipes, type NamedRecipe } from '../../config/recipes/index.js';
import { libraryNames, weightNames } from '../../config/recipes/weights.js';
import { recipeSteps } from '../../report/recipe-text.js';
import { ConfigError } from '../../domain/errors.js';
import { readTextFile } from '../../yaml/read-text.js';
import { exitCode, type ExitCode } from '../exit.js';
import { showText, warn } from '../output.js';
import { positiveInteger } from '../run-options.js';
import { terminal } from '../terminal.js';

export function addRecipes(program: Command, finish: (code: ExitCode) => void): void {
  const recipes = program
    .command('recipes')
    .argument('[words...]', 'only those that hold all of these, e.g. `timm 224` or `torchvision: V2`')
    .option('--markdown', 'as a reference: docs/recipes.md', false)
    .action((words: string[], { markdown }: { markdown: boolean }) => {
      if (markdown) terminal.print(recipesReference());
      else showText(...recipesFound(words));
      finish(exitCode.pass);
    });
  recipes
    .command('show')
    .description('print a named recipe as config')
    .argument('<name>')
    .action((name: string) => {
      const found = findRecipe(name);
      showText(`# ${name}: ${found.source}\n${asConfig(found.recipe)}`, inJson(found));
      finish(exitCode.pass);
    });
  recipes
    .command('read')
    .description(
      `print the recipe of another project's file as config (${recipeFileKinds.join(', ')}); warns of what it leaves open`,
    )
    .argument('<file>', 'timm config.json, Hugging Face preprocessor_config.json, or STM32 model zoo YAML')
    .option('--size <pixels>', 'side of the model input, where the file leaves it open', positiveInteger)
    .action(async (file: string, { size }: { size?: number }) => {
      const input = size === undefined ? null : { width: size, height: size };
      const { recipe, warnings } = parseRecipeFile(await readTextFile(file, 'recipe file'), 'auto', input);
      warnings.forEach(warn);
      showText(asConfig(recipe), { recipe: recipeToConfig(recipe), warnings });
      finish(exitCode.pass);
    });
}

function asConfig(recipe: Recipe): string {
  return stringify({ recipe: recipeToConfig(recipe) }).trimEnd();
}

function inJson({ name, recipe, source, note }: NamedRecipe): object {
  return { name, recipe: recipeToConfig(recipe), note, source };
}

/** Of a search that finds more weights than these, the names alone are listed. */
const inFull = 20;

/** The recipes that hold all words, as text and as JSON. */
function recipesFound(words: readonly string[]): [text: string, value: unknown] {
  const asked = words.map((word) => word.toLowerCase());
  const holds = (text: string): boolean => asked.every((word) => text.toLowerCase().includes(word));
  const found = listRecipes().filter(({ name, note }) => holds(`${name} ${note}`));
  const weights = words.length === 0 ? [] : weightNames().filter(holds);
  const full = [...found, ...(weights.length > inFull ? [] : weights.map(findRecipe))];
  const names = weights.length > inFull ? weights : [];
  const lines = full.map(
    ({ name, recipe, source, note }) =>
      `${name}\n  ${recipeSteps(recipe).join(', ')}\n  ${note}\n  source: ${source}`,
  );
  lines.push(...names);
  if (lines.length === 0) {
    throw new ConfigError({
      code: 'recipe-unknown',
      what: `no recipe holds ${words.map((word) => JSON.stringify(word)).join(' and ')}.`,
      where: null,
      remedy: '`imagenet-eval recipes` without words lists those of no one weight.',
    });
  }
  if (words.length === 0) lines.push(weightsText());
  return [lines.join('\n'), { recipes: full.map(inJson), weights: names }];
}

/** What there is besides the listed ones, in a line. */
function weightsText(): string {
  const counts = libraryNames.map((library) => `${weightNames(library).length} of ${library}`);
  return `Published weights by their names: ${counts.join(', ')}; e.g. \`imagenet-eval recipes timm:resnet50\`.`;
}

const weightForms = [
  [
    'timm:resnet50.a1_in1k',
    "at the size of timm's `resolve_model_data_config`: what the weight was trained for",
  ],
  ['timm:resnet50.a1_in1k@test', "at the size of timm's `validate.py`, with which its figures are published"],
  ['torchvision:ResNet50_Weights.IMAGENET1K_V2', '`weights.transforms()` on PIL images'],
  ['torchvision:ResNet50_Weights.IMAGENET1K_V2@tensor', 'the same on uint8 tensors'],
  ['keras:EfficientNetV2M', "`load_img` at the model's default size, then its `preprocess_input`"],
] as const;

/** docs/recipes.md is this text; a test holds the two together. */
function recipesReference(): string {
  return [
    '# Recipes',
    '',
    'Written by `imagenet-eval recipes --markdown`. `imagenet-eval recipes show NAME` prints one as config; a config may',
    'also start from one: `recipe: { base: NAME, crop: 240 }`. Resamplers are named by the library whose bytes they give.',
    '',
    '## Published weights',
    '',
    "Every weight of timm and torchvision, and every model of Keras applications, is a recipe by its name: what the library's own",
    'evaluation does, from the tables in `recipes/weights/`. `imagenet-eval recipes timm:resnet50` finds some,',
    '`imagenet-eval recipes show timm:resnet50.a1_in1k` prints one.',
    '',
    '| name | what it is |',
    '|---|---|',
    ...weightForms.map(([form, meaning]) => `| \`${form}\` | ${meaning} |`),
    '',
    ...listRecipes().flatMap(({ name, recipe, source, note }) => [
      `## ${name}`,
      '',
      note,
      '',
      ...recipeSteps(recipe).map((step) => `1. ${step}`),
      '',
      `Source: ${source}`,
      '',
    ]),
  ]
    .join('\n')
    .trimEnd();
}
