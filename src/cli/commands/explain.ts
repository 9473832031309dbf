import type { Command } from 'commander';

import { loadConfig } from '../../config/config.js';
import { explain } from '../../jobs/explain/explain.js';
import { exitCode, type ExitCode } from '../exit.js';
import { explainText } from '../explain-text.js';
import { outputFlags } from '../output-flags.js';
import { printable, terminal } from '../terminal.js';

export function addExplain(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('explain')
    .description(
      'show one image through every step: decode, sizes, crop, tensor, hashes, and the five best classes of each model',
    )
    .argument('<config>', 'YAML file')
    .argument('<image>', "the image's name in the data set")
    .option('--out <dir>', 'write the crop of each recipe there as PNG')
    .action(async (file: string, image: string, { out }: { out?: string }) => {
      const explanation = await explain(await loadConfig(file), image, out ?? null);
      // The class list is the data set's, not this image's.
      const own = { ...explanation, classes: undefined };
      terminal.print(outputFlags().json ? JSON.stringify(own, null, 2) : printable(explainText(explanation)));
      finish(exitCode.pass);
    });
}
