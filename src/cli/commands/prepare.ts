import type { Command } from 'commander';

import { loadConfig } from '../../config/config.js';
import { prepareImages } from '../../jobs/prepare/prepare.js';
import { countView } from '../count-view.js';
import { exitCode, type ExitCode } from '../exit.js';
import { faultsText } from '../faults-text.js';
import { interruptible } from '../interrupt.js';
import { counted } from '../../report/figures.js';
import { warn } from '../output.js';
import { withLimitOptions, type LimitFlags } from '../run-options.js';
import { printable, terminal } from '../terminal.js';

interface PrepareFlags extends LimitFlags {
  readonly out: string;
}

export function addPrepare(program: Command, finish: (code: ExitCode) => void): void {
  withLimitOptions(
    program
      .command('prepare')
      .argument('<config>', 'YAML file')
      .requiredOption('--out <dir>', 'folder of prepared images, for `dataset.images` or `engine.prepared`'),
  ).action(async (file: string, flags: PrepareFlags) => {
    const config = await loadConfig(file);
    const view = countView(terminal, 'preparing', 'images');
    const { images, geometries, made, faults, stopped } = await interruptible((signal) =>
      prepareImages({ ...flags, config, signal, onProgress: view.update, onWarning: warn }),
    ).finally(view.stop);
    terminal.print(
      printable(
        `${images} images, ${counted(geometries, 'geometry', 'geometries')}: ${made} made now, in ${flags.out}`,
      ),
    );
    if (faults.length > 0) terminal.note(printable(faultsText(faults)));
    finish(stopped ? exitCode.stopped : faults.length > 0 ? exitCode.input : exitCode.pass);
  });
}
