import { join } from 'node:path';

import type { Command } from 'commander';

import { loadConfig } from '../../config/config.js';
import { explainDocument } from '../../jobs/explain/document.js';
import { explain } from '../../jobs/explain/explain.js';
import { writeAtomically } from '../../report/atomic-file.js';
import { renderPage } from '../../report/document/html.js';
import { exitCode, type ExitCode } from '../exit.js';
import { showResult } from '../output.js';

export function addExplain(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('explain')
    .argument('<config>', 'YAML file')
    .argument('<image>', "the image's name in the data set")
    .option('--out <dir>', 'folder of explain.html and of the crop of each recipe as PNG', 'reports/explain')
    .action(async (file: string, image: string, { out }: { out: string }) => {
      const explanation = await explain(await loadConfig(file), image, out);
      const document = explainDocument(explanation);
      const page = join(out, 'explain.html');
      await writeAtomically(page, [await renderPage(document)]);
      // The class list is the data set's, not this image's; pictures are files.
      const recipes = explanation.recipes.map((recipe) => ({ ...recipe, pictures: undefined }));
      await showResult(document, { ...explanation, recipes, classes: undefined }, [`Page: ${page}`]);
      finish(exitCode.pass);
    });
}
