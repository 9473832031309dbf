import type { Command } from 'commander';

import { loadConfig } from '../../config/config.js';
import { tune, type Tuning } from '../../jobs/tune/tune.js';
import type { SpeedSettings, SpeedTrial } from '../../jobs/tune/tune-search.js';
import { counted } from '../../report/figures.js';
import { exitCode, type ExitCode } from '../exit.js';
import { stoppable } from '../interrupt.js';
import { showText } from '../output.js';
import { positiveInteger } from '../run-options.js';
import { printable, terminal } from '../terminal.js';

export function addTune(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('tune')
    .argument('<config>', 'YAML file')
    .option('--seconds <n>', 'begin nothing new after so many seconds', positiveInteger, 45)
    .action(async (file: string, { seconds }: { seconds: number }) => {
      const config = await loadConfig(file);
      const onTrial = (trial: SpeedTrial): void => {
        terminal.note(trialText(trial));
      };
      const tuning = await stoppable(
        (signal) => tune({ config, seconds, signal, onTrial }),
        'Stopped; nothing was chosen.',
      );
      if (tuning !== null) showText(printable(tuningText(tuning)), tuning);
      finish(tuning === null ? exitCode.stopped : exitCode.pass);
    });
}

function trialText({ settings, imagesPerSecond, changed }: SpeedTrial): string {
  const words = configLines(settings).map((line) => line.replace(':', '').replaceAll('_', ' '));
  const verdict =
    changed === 0 ? '' : `; left out: ${counted(changed, 'image is', 'images are')} scored differently`;
  return `${imagesPerSecond.toFixed(1).padStart(7)} images/s  ${words.join(', ')}${verdict}`;
}

/** The answer, with the lines to put into the config. */
function tuningText({ standard, best, images, trials, cutShort }: Tuning): string {
  const gain = 100 * (best.imagesPerSecond / standard.imagesPerSecond - 1);
  const moved = trials.some((trial) => trial.changed > 0);
  return [
    best.settings === standard.settings
      ? `The defaults are the fastest of what was tried, or nothing beats them clearly (${images} images a trial).`
      : `Fastest: ${best.imagesPerSecond.toFixed(1)} images/s, ${gain.toFixed(0)} % more than the defaults (${images} images a trial).`,
    ...(moved
      ? ['Settings that change scores were left out: they measure another figure, however slightly.']
      : []),
    ...(cutShort ? ['Time ran out before everything was tried; --seconds gives more.'] : []),
    '',
    'engine:',
    ...configLines(best.settings)
      // A batch that is written is obeyed by networks whose scores depend on it.
      .filter((line) => line !== `batch: ${standard.settings.batch}`)
      .map((line) => `  ${line}`),
  ].join('\n');
}

function configLines(settings: SpeedSettings): string[] {
  const { workers, batch, graphOptimization, spinning, arena, fixedDimensions } = settings;
  return [
    `workers: ${workers}`,
    `batch: ${batch}`,
    `graph_optimization: ${graphOptimization}`,
    `spinning: ${spinning}`,
    `arena: ${arena}`,
    `fixed_dimensions: ${fixedDimensions}`,
  ];
}
