import { InvalidArgumentError, type Command } from 'commander';

import { loadConfig } from '../../config/config.js';
import { planCheck, USUAL_FLIPS } from '../../jobs/plan/plan.js';
import { planDocument } from '../../report/documents/plan.js';
import { exitCode, type ExitCode } from '../exit.js';
import { onInterrupt } from '../interrupt.js';
import { showResult } from '../output.js';
import { positiveInteger } from '../run-options.js';
import { printable, terminal } from '../terminal.js';

interface PlanFlags {
  readonly baseline: boolean;
  readonly flips: number;
  readonly drop?: number;
  readonly errorRate: number;
  readonly workers?: number;
}

export function addPlan(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('plan')
    .argument('<config>', 'YAML file with gates')
    .option('--drop <points>', 'the drop to expect; default: several shares of the limit', amount)
    .option('--flips <percent>', 'images whose correctness flips besides the drop', amount, USUAL_FLIPS)
    .option('--error-rate <p>', 'of check --sequential', amount, 0.01)
    .option('--baseline', 'models will be compared with a baseline', false)
    .option('--workers <n>', 'worker threads; default: one a core', positiveInteger)
    .action(async (file: string, flags: PlanFlags) => {
      const config = await loadConfig(file);
      const interrupt = onInterrupt(terminal);
      try {
        const plan = await planCheck({
          config,
          baseline: flags.baseline,
          flips: flags.flips,
          drop: flags.drop ?? null,
          errorRate: flags.errorRate,
          workers: flags.workers ?? null,
          signal: interrupt.signal,
          onWarning: (text) => {
            terminal.note(printable(`warning: ${text}`));
          },
        });
        if (plan === null) {
          finish(exitCode.stopped);
          return;
        }
        await showResult(planDocument(plan), plan, []);
        finish(exitCode.pass);
      } finally {
        interrupt.dispose();
      }
    });
}

function amount(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && value <= 100)) throw new InvalidArgumentError('Expected a number from 0 to 100.');
  return value;
}
