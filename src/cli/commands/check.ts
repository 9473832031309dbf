import type { Command } from 'commander';

import { EvalError } from '../../domain/errors.js';
import { loadConfig, type Config } from '../../config/config.js';
import type { CheckRecord } from '../../report/check.js';
import { planOf, USUAL_FLIPS } from '../../jobs/plan/plan.js';
import type { Plan } from '../../jobs/run/options.js';
import { planSentence } from '../../report/documents/plan.js';
import { check } from '../../jobs/check/check.js';
import { checkDocument } from '../../report/documents/check.js';
import { counted } from '../../report/figures.js';
import { slugs } from '../../report/slug.js';
import type { ExitCode } from '../exit.js';
import { reportToGithub } from '../github.js';
import { interruptible, stoppedIn } from '../interrupt.js';
import { liveView } from '../live-view.js';
import { filesIn, showResult } from '../output.js';
import { shellCommand } from '../quote.js';
import { faultsText } from '../faults-text.js';
import {
  errorRateOption,
  nonNegativeInteger,
  reportFolder,
  runOptions,
  withRunOptions,
  type RunFlags,
} from '../run-options.js';
import { printable, terminal } from '../terminal.js';

interface CheckFlags extends RunFlags {
  readonly baseline?: string;
  readonly sequential: boolean;
  readonly seed?: number;
  readonly errorRate: number;
  readonly diagnose: boolean;
}

export function addCheck(program: Command, finish: (code: ExitCode) => void): void {
  withRunOptions(
    program
      .command('check')
      .argument('<config>', 'YAML file with gates')
      .option('--out <dir>', 'report folder; default: reports/<name of the config>')
      .option('--baseline <name>', 'compare each model with the model of its name in this baseline'),
  )
    .option('--sequential', 'stop as soon as the gates are decided', false)
    .option(
      '--seed <n>',
      "seed of the random order of --sequential; default: follows from the candidates' files",
      nonNegativeInteger,
    )
    .addOption(errorRateOption())
    .option('--diagnose', 'where a gate fails, name at once the quantizers that cost the accuracy', false)
    .option('--fresh', 'forget what an earlier check left in the folder', false)
    .addHelpText(
      'after',
      `
With --sequential, --limit ends the random order early: what is open then is undecided, never a pass.
An undecided gate ends with exit code 1 unless the config says \`gates: { on_undecided: pass }\`.`,
    )
    .action(async (file: string, flags: CheckFlags) => {
      finish(await checkConfig(file, flags));
    });
}

async function checkConfig(file: string, flags: CheckFlags): Promise<ExitCode> {
  const config = await loadConfig(file);
  const out = flags.out ?? reportFolder(file);
  const view = liveView(config.models, flags.sequential);
  const {
    check: found,
    faults,
    files,
  } = await interruptible((signal) =>
    check({
      ...runOptions(flags),
      config,
      out,
      baseline: flags.baseline ?? null,
      sequential: flags.sequential ? { seed: flags.seed ?? null, errorRate: flags.errorRate } : null,
      signal,
      events: {
        ...view.events,
        onStart(plan) {
          view.events.onStart(plan);
          terminal.note(printable(gatesAhead(plan, config, flags)));
        },
      },
    }),
  ).finally(view.stop);
  if (found === null) return stoppedIn(out);
  const document = checkDocument(found);
  const failed = failedModels(found, config);
  const diagnosing = flags.diagnose && failed.length > 0;
  await showResult(document, found, [
    filesIn(out, 'report.html', files),
    ...(diagnosing ? [] : failed.flatMap((model) => nextSteps(model, found, file))),
  ]);
  await reportToGithub(document, found.answer, found.gates);
  if (faults.length > 0)
    terminal.note(printable(`\n${counted(faults.length, 'fault')}:\n${faultsText(faults)}`));
  if (diagnosing) await diagnoseFailed(config, file, failed, flags);
  return found.answer.exit;
}

/** Findings of a model that no longer works at all, rather than a little worse. */
const collapsed: ReadonlySet<string> = new Set([
  'near-chance',
  'one-class',
  'saturated-scores',
  'nan-scores',
]);

/** What to type next: the command that names the cause, and for a collapsed model the one that tells causes apart. */
function nextSteps(model: string, { gates }: CheckRecord, file: string): string[] {
  const command = (job: string): string => shellCommand(['imagenet-eval', job, file, '--model', model]);
  const findings = gates.models.find((one) => one.model === model)?.findings ?? [];
  return [
    ...(findings.some(({ code }) => collapsed.has(code))
      ? [
          `Recipe or calibration? ${command('sweep')}: where another recipe mends ${model}, its recipe was wrong; where none does, its calibration.`,
        ]
      : []),
    `Why? ${command('diagnose')}`,
  ];
}

/** Models that broke a gate and name the float model that they can be compared with. */
function failedModels({ gates }: CheckRecord, config: Config): string[] {
  const comparable = new Set(
    config.models.filter(({ compareWith }) => compareWith !== null).map(({ name }) => name),
  );
  return gates.models
    .filter(
      ({ model, verdicts }) => comparable.has(model) && verdicts.some(({ status }) => status === 'fail'),
    )
    .map(({ model }) => model);
}

/** Diagnoses them one after the other; one that can't be is reported, and the next follows. */
async function diagnoseFailed(
  config: Config,
  file: string,
  failed: readonly string[],
  { workers, batch }: CheckFlags,
): Promise<void> {
  const { diagnoseToReport } = await import('./diagnose.js');
  const folders = slugs(failed);
  for (const [at, model] of failed.entries()) {
    const command = shellCommand(['imagenet-eval', 'diagnose', file, '--model', model]);
    const out = reportFolder(file, `-diagnosis${failed.length > 1 ? `-${folders[at]!}` : ''}`);
    terminal.note(printable(`\n${command}`));
    try {
      await diagnoseToReport(config, { model, seed: 0, out, command, workers, batch });
    } catch (error) {
      if (!(error instanceof EvalError)) throw error;
      terminal.warn(printable(error.message));
    }
  }
}

/** What the gates need, in a line, before any image is run. */
function gatesAhead(plan: Plan, config: Config, { baseline, errorRate }: CheckFlags): string {
  const planned = planOf(plan, config.gates ?? {}, {
    baseline: baseline !== undefined,
    flips: USUAL_FLIPS,
    drop: null,
    errorRate,
    imagesPerSecond: null,
    sequential: false,
  });
  const notes = planned.gates.flatMap(({ gate, notes: some }) => some.map((note) => `${gate}: ${note}`));
  return `gates    ${[...new Set([planSentence(planned), ...notes])].join(' ')}`;
}
