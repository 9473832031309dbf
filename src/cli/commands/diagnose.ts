import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import type { Command } from 'commander';

import { loadConfig } from '../../config/config.js';
import { ConfigError } from '../../domain/errors.js';
import { diagnose, DIAGNOSIS_IMAGES, type DiagnoseResult } from '../../jobs/diagnose/diagnose.js';
import { diagnosisFiles, writeDiagnosis } from '../../report/write-diagnosis.js';
import { refuseForeignFiles } from '../../store/own-folder.js';
import { diagnosisProgress } from '../diagnosis-progress.js';
import { exitCode, type ExitCode } from '../exit.js';
import { interruptible } from '../interrupt.js';
import { filesIn, showResult } from '../output.js';
import { typedCommand } from '../quote.js';
import {
  integerFrom,
  nonNegativeInteger,
  reportFolder,
  withEngineOptions,
  type EngineFlags,
} from '../run-options.js';
import { printable, terminal } from '../terminal.js';

interface DiagnoseFlags extends EngineFlags {
  readonly model?: string;
  readonly images?: number;
  readonly seed: number;
  readonly out?: string;
  readonly write?: string;
  readonly restore?: number;
}

export function addDiagnose(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command('diagnose')
    .argument('<config>', 'YAML file; the quantized model names its float model in compare_with')
    .option('--model <name>', 'the quantized model; default: every one with compare_with')
    .option(
      '--images <n>',
      `images at most, the first of a random order; default: ${DIAGNOSIS_IMAGES}`,
      integerFrom(2),
    )
    .option('--seed <n>', 'seed of that order', nonNegativeInteger, 0)
    .option('--out <dir>', 'folder of the results; default: reports/<name of the config>-diagnosis')
    .option('--write <file>', 'write the network with layers restored to float, for any run to measure')
    .option('--restore <k>', 'layers that it has restored; 0 writes the file as it is', nonNegativeInteger);
  withEngineOptions(command)
    .addHelpText(
      'after',
      `
Ctrl-C ends it with what is known by then. Results: diagnosis.json, diagnosis.md and diagnosis.html.`,
    )
    .action(async (file: string, flags: DiagnoseFlags) => {
      finish(await diagnoseConfig(file, flags));
    });
}

async function diagnoseConfig(file: string, flags: DiagnoseFlags): Promise<ExitCode> {
  if ((flags.write === undefined) !== (flags.restore === undefined))
    throw new ConfigError({
      code: 'write-and-restore',
      what: `${flags.write === undefined ? '--restore' : '--write'} is given alone`,
      where: null,
      remedy: 'Give both: --write FILE --restore K writes the network with K layers in float.',
    });
  return diagnoseToReport(await loadConfig(file), {
    ...flags,
    out: flags.out ?? reportFolder(file, '-diagnosis'),
    command: typedCommand(),
  });
}

/** Diagnoses, writes the report folder and prints the answer. */
export async function diagnoseToReport(
  config: Awaited<ReturnType<typeof loadConfig>>,
  options: Omit<DiagnoseFlags, 'out'> & { readonly out: string; readonly command: string },
): Promise<ExitCode> {
  const { model = null, images = null, restore = null, seed, workers, batch, command, out, write } = options;
  await refuseForeignFiles(out, diagnosisFiles);
  const view = diagnosisProgress(terminal);
  const result = await interruptible((signal) =>
    diagnose({
      ...{ config, model, images, seed, workers, batch, restore, command, signal },
      onProgress: (progress) => {
        view.update(progress);
      },
    }),
  ).finally(view.stop);
  if (result === null) {
    terminal.note('Stopped before anything was known.');
    return exitCode.stopped;
  }
  const { diagnosis, written } = result;
  const { document, files } = await writeDiagnosis(diagnosis, out);
  const footer = [filesIn(out, 'diagnosis.html', files)];
  if (write !== undefined) footer.push(await writeNetwork(write, written));
  await showResult(document, diagnosis, footer.map(printable));
  return diagnosis.complete ? exitCode.pass : exitCode.stopped;
}

/** @returns what was written, in a line */
async function writeNetwork(file: string, written: DiagnoseResult['written']): Promise<string> {
  if (written === null) return 'No network was written: it was stopped before a layer was restored.';
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, written.bytes);
  return `Written: ${file} (${written.layers.length === 0 ? 'nothing restored' : `${written.layers.join(', ')} in float`})`;
}
