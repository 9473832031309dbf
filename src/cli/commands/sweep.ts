import { join } from 'node:path';

import { Option, type Command } from 'commander';

import { loadConfig } from '../../config/config.js';
import { findRecipe } from '../../config/recipes/index.js';
import { sweep } from '../../jobs/sweep/sweep.js';
import { writeAtomically } from '../../report/atomic-file.js';
import { renderPage } from '../../report/document/html.js';
import { renderMarkdown } from '../../report/document/markdown.js';
import { sweepDocument } from '../../report/documents/sweep.js';
import { refuseForeignFiles } from '../../store/own-folder.js';
import { exitCode, type ExitCode } from '../exit.js';
import { interruptible } from '../interrupt.js';
import { showResult, warn } from '../output.js';
import { typedCommand } from '../quote.js';
import {
  nonNegativeInteger,
  positiveInteger,
  reportFolder,
  withEngineOptions,
  type EngineFlags,
} from '../run-options.js';
import { terminal } from '../terminal.js';

interface SweepFlags extends EngineFlags {
  readonly model?: string;
  readonly recipes?: string;
  readonly limit?: number;
  readonly target: 'accuracy' | 'documented';
  readonly seed: number;
  readonly out?: string;
}

export function addSweep(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command('sweep')
    .argument('<config>', 'YAML file')
    .option('--model <name>', "the model; default: the config's first")
    .option('--recipes <names>', 'named recipes, separated by commas')
    .option(
      '--limit <n>',
      'images at most, the first of a random order; default: 500, or all with a list',
      positiveInteger,
    )
    .addOption(
      new Option(
        '--target <what>',
        'rank by accuracy, or by how well a recipe explains the documented figure',
      )
        .choices(['accuracy', 'documented'])
        .default('accuracy'),
    )
    .option('--seed <n>', 'seed of that order', nonNegativeInteger, 0)
    .option(
      '--out <dir>',
      'folder for sweep.html, sweep.md and sweep.json; default: reports/<name of the config>-sweep',
    );
  withEngineOptions(command).action(async (file: string, flags: SweepFlags) => {
    finish(await sweepConfig(file, flags));
  });
}

async function sweepConfig(file: string, flags: SweepFlags): Promise<ExitCode> {
  const config = await loadConfig(file);
  const out = flags.out ?? reportFolder(file, '-sweep');
  await refuseForeignFiles(out, ['sweep.json', 'sweep.md', 'sweep.html']);
  const { model = null, limit = null, recipes } = flags;
  const record = await interruptible((signal) =>
    sweep({
      ...flags,
      config,
      model,
      limit,
      recipes: recipes?.split(',').map((name) => findRecipe(name.trim()).recipe) ?? null,
      command: typedCommand(),
      signal,
      onWarning: warn,
      onLook: (left, images) => {
        terminal.note(`${left} recipes on the first ${images} images`);
      },
    }),
  );
  if (record === null) return exitCode.stopped;
  await writeAtomically(join(out, 'sweep.json'), [`${JSON.stringify(record, null, 2)}\n`]);
  const document = sweepDocument(record);
  await writeAtomically(join(out, 'sweep.md'), [renderMarkdown(document)]);
  const page = join(out, 'sweep.html');
  await writeAtomically(page, [await renderPage(document)]);
  await showResult(document, record, [`Report: ${page}`]);
  return exitCode.pass;
}
