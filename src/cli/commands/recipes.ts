import type { Command } from 'commander';
import { stringify } from 'yaml';

import { recipeToConfig } from '../../config/recipe-resolve.js';
import { findRecipe, listRecipes } from '../../config/recipes/index.js';
import { recipeSteps } from '../../report/recipe-text.js';
import { exitCode, type ExitCode } from '../exit.js';
import { terminal } from '../terminal.js';

export function addRecipes(program: Command, finish: (code: ExitCode) => void): void {
  const recipes = program
    .command('recipes')
    .description('list the named preprocessing recipes and what they do')
    .action(() => {
      for (const { name, recipe, source, note } of listRecipes()) {
        terminal.print(`${name}\n  ${recipeSteps(recipe).join(', ')}\n  ${note}\n  source: ${source}`);
      }
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
}
