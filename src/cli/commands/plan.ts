import { InvalidArgumentError, type Command } from 'commander';

import { loadConfig } from '../../config/config.js';
import { planCheck, USUAL_FLIPS } from '../../jobs/plan/plan.js';
import { planDocument } from '../../report/documents/plan.js';
import { exitCode, type ExitCode } from '../exit.js';
import { interruptible } from '../interrupt.js';
import { showResult, warn } from '../output.js';
import { errorRateOption, workersOption } from '../run-options.js';

interface PlanFlags {
  readonly baseline: boolean;
  readonly flips: number;
  readonly drop?: number;
  readonly errorRate: number;
  readonly workers: number | null;
}

export function addPlan(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('plan')
    .argument('<config>', 'YAML file with gates')
    .option('--drop <points>', 'the drop to expect; default: several shares of the limit', amount)
    .option('--flips <percent>', 'images whose correctness flips besides the drop', amount, USUAL_FLIPS)
    .addOption(errorRateOption())
    .option('--baseline', 'models will be compared with a baseline', false)
    .addOption(workersOption())
    .action(async (file: string, flags: PlanFlags) => {
      const config = await loadConfig(file);
      const { drop = null, ...given } = flags;
      const plan = await interruptible((signal) =>
        planCheck({ ...given, drop, config, signal, onWarning: warn }),
      );
      if (plan !== null) await showResult(planDocument(plan), plan, []);
      finish(plan === null ? exitCode.stopped : exitCode.pass);
    });
}

function amount(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && value <= 100)) throw new InvalidArgumentError('Expected a number from 0 to 100.');
  return value;
}
