import type { Command } from 'commander';

import { loadConfig } from '../../config/config.js';
import { writeTensors } from '../../jobs/tensors/tensors.js';
import { countView } from '../count-view.js';
import { exitCode, type ExitCode } from '../exit.js';
import { faultsText } from '../faults-text.js';
import { interruptible } from '../interrupt.js';
import { counted } from '../../report/figures.js';
import { withLimitOptions, type LimitFlags } from '../run-options.js';
import { printable, terminal } from '../terminal.js';

interface TensorsFlags extends LimitFlags {
  readonly out: string;
  readonly model?: string;
}

export function addTensors(program: Command, finish: (code: ExitCode) => void): void {
  withLimitOptions(
    program
      .command('tensors')
      .argument('<config>', 'YAML file')
      .requiredOption('--out <dir>', 'new folder of part-00000.npy and so on, index.csv and tensors.json')
      .option('--model <name>', 'the network that they are for, where the config has several'),
  ).action(async (file: string, flags: TensorsFlags) => {
    const config = await loadConfig(file);
    const view = countView(terminal, 'writing', 'tensors');
    const written = await interruptible((signal) =>
      writeTensors({ ...flags, model: flags.model ?? null, config, signal, onProgress: view.update }),
    ).finally(view.stop);
    if (written === null) {
      finish(exitCode.stopped);
      return;
    }
    const { note, faults } = written;
    const { layout, width, height } = note.facts.tensor!;
    const parts = counted(note.parts.length, 'part');
    terminal.print(
      printable(
        `${note.images} tensors for ${note.model.name}, ${note.dtype} ${layout} ${width}x${height}, in ${parts}: ${flags.out}`,
      ),
    );
    if (faults.length > 0) terminal.note(printable(faultsText(faults)));
    finish(faults.length > 0 && config.onBadImage === 'fail' ? exitCode.input : exitCode.pass);
  });
}
