import type { Command } from 'commander';

import { loadConfig } from '../../config/config.js';
import { prepareImages } from '../../jobs/prepare/prepare.js';
import { countView } from '../count-view.js';
import { exitCode, type ExitCode } from '../exit.js';
import { faultsText } from '../faults-text.js';
import { onInterrupt } from '../interrupt.js';
import { nonNegativeInteger, positiveInteger } from '../run-options.js';
import { printable, terminal } from '../terminal.js';

interface PrepareFlags {
  readonly out: string;
  readonly limit?: number;
  readonly limitSeed: number;
}

export function addPrepare(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('prepare')
    .argument('<config>', 'YAML file')
    .requiredOption('--out <dir>', 'folder of prepared images, for `dataset.images` or `engine.prepared`')
    .option('--limit <n>', 'only n images, drawn by class with a seed', positiveInteger)
    .option('--limit-seed <n>', 'seed of that draw', nonNegativeInteger, 0)
    .action(async (file: string, flags: PrepareFlags) => {
      const interrupt = onInterrupt(terminal);
      const view = countView(terminal, 'preparing', 'images');
      try {
        const result = await prepareImages({
          config: await loadConfig(file),
          out: flags.out,
          limit: flags.limit ?? null,
          limitSeed: flags.limitSeed,
          signal: interrupt.signal,
          onProgress: (done, total) => {
            view.update(done, total);
          },
          onWarning: (text) => {
            terminal.note(printable(`warning: ${text}`));
          },
        });
        view.stop();
        terminal.print(
          printable(
            `${result.images} images, ${result.geometries} ${result.geometries === 1 ? 'geometry' : 'geometries'}: ${result.made} made now, in ${flags.out}`,
          ),
        );
        if (result.faults.length > 0) terminal.note(printable(faultsText(result.faults)));
        finish(result.stopped ? exitCode.stopped : result.faults.length > 0 ? exitCode.input : exitCode.pass);
      } finally {
        view.stop();
        interrupt.dispose();
      }
    });
}
