import type { Command } from 'commander';

import { loadConfig } from '../../config/config.js';
import { writeTensors } from '../../jobs/tensors/tensors.js';
import { countView } from '../count-view.js';
import { exitCode, type ExitCode } from '../exit.js';
import { faultsText } from '../faults-text.js';
import { onInterrupt } from '../interrupt.js';
import { nonNegativeInteger, positiveInteger } from '../run-options.js';
import { printable, terminal } from '../terminal.js';

interface TensorsFlags {
  readonly out: string;
  readonly model?: string;
  readonly limit?: number;
  readonly limitSeed: number;
}

export function addTensors(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('tensors')
    .argument('<config>', 'YAML file')
    .requiredOption('--out <dir>', 'new folder of part-00000.npy and so on, index.csv and tensors.json')
    .option('--model <name>', 'the network that they are for, where the config has several')
    .option('--limit <n>', 'only n images, drawn by class with a seed', positiveInteger)
    .option('--limit-seed <n>', 'seed of that draw', nonNegativeInteger, 0)
    .action(async (file: string, flags: TensorsFlags) => {
      const config = await loadConfig(file);
      const interrupt = onInterrupt(terminal);
      const view = countView(terminal, 'writing', 'tensors');
      try {
        const written = await writeTensors({
          config,
          model: flags.model ?? null,
          out: flags.out,
          limit: flags.limit ?? null,
          limitSeed: flags.limitSeed,
          signal: interrupt.signal,
          onProgress: (done, total) => {
            view.update(done, total);
          },
        });
        view.stop();
        if (written === null) {
          finish(exitCode.stopped);
          return;
        }
        const { note, faults } = written;
        const { layout, width, height } = note.facts.tensor!;
        const parts = `${note.parts.length} ${note.parts.length === 1 ? 'part' : 'parts'}`;
        terminal.print(
          printable(
            `${note.images} tensors for ${note.model.name}, ${note.dtype} ${layout} ${width}x${height}, in ${parts}: ${flags.out}`,
          ),
        );
        if (faults.length > 0) terminal.note(printable(faultsText(faults)));
        finish(faults.length > 0 && config.onBadImage === 'fail' ? exitCode.input : exitCode.pass);
      } finally {
        view.stop();
        interrupt.dispose();
      }
    });
}
