import { readdir } from 'node:fs/promises';

import type { Command } from 'commander';

import {
  BASELINE_FOLDER,
  baselineName,
  baselineTarget,
  findBaseline,
} from '../../jobs/check/baseline-file.js';
import { labelled, tally } from '../../metrics/tally.js';
import { readRun } from '../../report/read-run.js';
import { readBaseline, saveBaseline } from '../../store/baseline.js';
import { exitCode, type ExitCode } from '../exit.js';
import { showText } from '../output.js';
import { printable } from '../terminal.js';

export function addBaseline(program: Command, finish: (code: ExitCode) => void): void {
  const baseline = program.command('baseline');
  baseline
    .command('save')
    .description(`save a finished run as ${BASELINE_FOLDER}/<name>.baseline`)
    .argument('<name>', 'a name, or a path that ends in .baseline')
    .requiredOption('--run <dir>', 'report folder of the run')
    .action(async (name: string, { run }: { run: string }) => {
      const file = baselineTarget(name);
      const { record } = await readRun(run);
      const bytes = await saveBaseline(file, record);
      const models = record.models.map((model) => model.name);
      const images = record.samples.length;
      showText(printable(`${file}: ${bytes} bytes, ${images} images, ${models.join(', ')}`), {
        file,
        bytes,
        images,
        models,
      });
      finish(exitCode.pass);
    });
  baseline
    .command('show')
    .description('print what a baseline holds')
    .argument('<name>')
    .action(async (name: string) => {
      const content = await readBaseline(findBaseline(name, null));
      const { machine, run, dataset, models, samples } = content;
      const classes = samples.reduce((most, { label }) => Math.max(most, label + 1), 0);
      const counted = models.map(({ predictions, ...model }) => ({
        ...model,
        ...tally(labelled(samples, predictions), classes),
      }));
      const lines = [
        `baseline     ${baselineName(name)}: ${samples.length} images of ${dataset.description}, labels ${dataset.labels}`,
        ...(dataset.subset === null ? [] : [`             a part: ${dataset.subset}`]),
        `onnxruntime  ${machine.versions.onnxruntime ?? 'unknown'}, batch ${run.batch}`,
        `CPU          ${machine.cpu}; ${machine.cpuFlags.join(' ')}`,
        ...counted.map(
          ({ name: model, top1, top5, ties, facts, sha256 }) =>
            `model        ${model}: Top-1 ${top1.correct}, Top-5 ${top5.correct}, ties ${ties.tiedTop}, ${facts.scheme}, sha256 ${sha256.slice(0, 12)}`,
        ),
      ];
      showText(printable(lines.join('\n')), {
        name: baselineName(name),
        images: samples.length,
        dataset,
        run,
        machine,
        models: counted.map(({ name: model, sha256, facts, top1, top5, ties }) => ({
          name: model,
          sha256,
          scheme: facts.scheme,
          top1: top1.correct,
          top5: top5.correct,
          ties: ties.tiedTop,
        })),
      });
      finish(exitCode.pass);
    });
  baseline
    .command('ls')
    .description(`list the baselines in ${BASELINE_FOLDER}/`)
    .action(async () => {
      const files = await readdir(BASELINE_FOLDER).catch((): string[] => []);
      const names = files.filter((file) => file.endsWith('.baseline')).sort();
      showText(
        names.length === 0 ? `none in ${BASELINE_FOLDER}/` : printable(names.map(baselineName).join('\n')),
        names.map(baselineName),
      );
      finish(exitCode.pass);
    });
}
