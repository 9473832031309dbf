import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';

import { InvalidArgumentError, type Command } from 'commander';

import { loadConfig } from '../../config/config.js';
import { ConfigError } from '../../domain/errors.js';
import { diagnose, DIAGNOSIS_IMAGES, type DiagnoseResult } from '../../jobs/diagnose/diagnose.js';
import { writeDiagnosis } from '../../report/write-diagnosis.js';
import { diagnosisProgress } from '../diagnosis-progress.js';
import { exitCode, type ExitCode } from '../exit.js';
import { onInterrupt } from '../interrupt.js';
import { showResult } from '../output.js';
import { typedCommand } from '../quote.js';
import { batchSize, nonNegativeInteger, positiveInteger, workerCount } from '../run-options.js';
import { printable, terminal } from '../terminal.js';

interface DiagnoseFlags {
  readonly model?: string;
  readonly images?: number;
  readonly seed: number;
  readonly out?: string;
  readonly write?: string;
  readonly restore?: number;
  readonly workers?: number;
  readonly batch?: number;
}

export function addDiagnose(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('diagnose')
    .argument('<config>', 'YAML file; the quantized model names its float model in compare_with')
    .option('--model <name>', 'the quantized model; default: every one with compare_with')
    .option(
      '--images <n>',
      `images at most, the first of a random order; default: ${DIAGNOSIS_IMAGES}`,
      atLeastTwo,
    )
    .option('--seed <n>', 'seed of that order', nonNegativeInteger, 0)
    .option('--out <dir>', 'folder of the results; default: reports/<name of the config>-diagnosis')
    .option('--write <file>', 'write the network with layers restored to float, for any run to measure')
    .option('--restore <k>', 'layers that it has restored; 0 writes the file as it is', nonNegativeInteger)
    .option('--workers <n>', 'worker threads; default: one a core', workerCount)
    .option('--batch <n>', 'images a call of onnxruntime; default: 4', batchSize)
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
    out: flags.out ?? join('reports', `${basename(file, extname(file))}-diagnosis`),
    command: typedCommand(),
  });
}

/** Diagnoses, writes the report folder and prints the answer. */
export async function diagnoseToReport(
  config: Awaited<ReturnType<typeof loadConfig>>,
  options: Omit<DiagnoseFlags, 'out'> & { readonly out: string; readonly command: string },
): Promise<ExitCode> {
  const interrupt = onInterrupt(terminal);
  const view = diagnosisProgress(terminal);
  try {
    const result = await diagnose({
      config,
      model: options.model ?? null,
      images: options.images ?? null,
      seed: options.seed,
      workers: options.workers ?? null,
      batch: options.batch ?? null,
      restore: options.restore ?? null,
      command: options.command,
      signal: interrupt.signal,
      onProgress: (progress) => {
        view.update(progress);
      },
    });
    view.stop();
    if (result === null) {
      terminal.note('Stopped before anything was known.');
      return exitCode.stopped;
    }
    const { diagnosis, written } = result;
    const { document, files } = await writeDiagnosis(diagnosis, options.out);
    const footer = [
      `Report: ${join(options.out, 'diagnosis.html')}  (${files.length} files in ${options.out})`,
    ];
    if (options.write !== undefined) footer.push(await writeNetwork(options.write, written));
    await showResult(document, diagnosis, footer.map(printable));
    return diagnosis.complete ? exitCode.pass : exitCode.stopped;
  } finally {
    view.stop();
    interrupt.dispose();
  }
}

/** @returns what was written, in a line */
async function writeNetwork(file: string, written: DiagnoseResult['written']): Promise<string> {
  if (written === null) return 'No network was written: it was stopped before a layer was restored.';
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, written.bytes);
  return `Written: ${file} (${written.layers.length === 0 ? 'nothing restored' : `${written.layers.join(', ')} in float`})`;
}

function atLeastTwo(text: string): number {
  const value = positiveInteger(text);
  if (value < 2) throw new InvalidArgumentError('Expected a whole number from 2.');
  return value;
}
