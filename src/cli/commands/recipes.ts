import { readFile } from 'node:fs/promises';

import type { Command } from 'commander';
import { stringify } from 'yaml';

import { recipeToConfig } from '../../config/recipe-form.js';
import { parseRecipeFile, recipeFileKinds } from '../../config/recipes/recipe-file.js';
import { findRecipe, listRecipes } from '../../config/recipes/index.js';
import { recipeSteps } from '../../report/recipe-text.js';
import { ConfigError, messageOf } from '../../domain/errors.js';
import { exitCode, type ExitCode } from '../exit.js';
import { positiveInteger } from '../run-options.js';
import { printable, terminal } from '../terminal.js';

export function addRecipes(program: Command, finish: (code: ExitCode) => void): void {
  const recipes = program
    .command('recipes')
    .description('list the named preprocessing recipes and what they do')
    .option('--markdown', 'as a reference: docs/recipes.md', false)
    .action(({ markdown }: { markdown: boolean }) => {
      terminal.print(markdown ? recipesReference() : recipesText());
      finish(exitCode.pass);
    });
  recipes
    .command('show')
    .description('print a named recipe as config')
    .argument('<name>')
    .action((name: string) => {
      const { recipe, source } = findRecipe(name);
      terminal.print(`# ${name}: ${source}\n${stringify({ recipe: recipeToConfig(recipe) }).trimEnd()}`);
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
      const { recipe, warnings } = parseRecipeFile(await readText(file), 'auto', input);
      for (const warning of warnings) terminal.note(printable(`warning: ${warning}`));
      terminal.print(stringify({ recipe: recipeToConfig(recipe) }).trimEnd());
      finish(exitCode.pass);
    });
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new ConfigError({
      code: 'file-unreadable',
      what: `the file can't be read: ${messageOf(cause)}`,
      where: file,
      remedy: 'Check the path.',
      cause,
    });
  }
}

function recipesText(): string {
  return listRecipes()
    .map(
      ({ name, recipe, source, note }) =>
        `${name}\n  ${recipeSteps(recipe).join(', ')}\n  ${note}\n  source: ${source}`,
    )
    .join('\n');
}

/** docs/recipes.md is this text; a test holds the two together. */
export function recipesReference(): string {
  return [
    '# Recipes',
    '',
    'Written by `imagenet-eval recipes --markdown`. `imagenet-eval recipes show NAME` prints one as config; a config may',
    'also start from one: `recipe: { base: NAME, crop: 240 }`. Resamplers are named by the library whose bytes they give.',
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
