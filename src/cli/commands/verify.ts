import type { Command } from 'commander';

import { loadConfig, type ModelConfig } from '../../config/config.js';
import type { Dataset } from '../../dataset/dataset.js';
import { verifyDataset, type VerifyReport } from '../../dataset/verify.js';
import { isPreparedFolder, verifyPreparedFolder, type FolderCheck } from '../../prepared/folder.js';
import { openDatasetOf } from '../../jobs/run/evaluate.js';
import { openRunModels } from '../../jobs/run/run-models.js';
import { EvalError } from '../../domain/errors.js';
import { byteView } from '../count-view.js';
import { exitCode, type ExitCode } from '../exit.js';
import { faultsText } from '../faults-text.js';
import { onInterrupt } from '../interrupt.js';
import { printable, terminal } from '../terminal.js';

export function addVerify(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('verify')
    .argument('<config>', 'YAML file')
    .action(async (file: string) => {
      const config = await loadConfig(file);
      const dataset = await openDatasetOf(config, null, 0);
      let sound: boolean;
      try {
        terminal.print(
          printable(`data    ${dataset.source.description}, labels ${dataset.labelsDescription}`),
        );
        if (dataset.manifest === null) {
          terminal.print(
            `        ${dataset.samples.length} images; no data-set manifest to hold them against`,
          );
          sound = dataset.faults.length === 0;
          if (!sound) terminal.print(printable(faultsText(dataset.faults)));
        } else {
          const { manifest } = dataset;
          const report = await hashed((options) => verifyDataset(dataset, manifest, options));
          if (report === null) {
            finish(exitCode.stopped);
            return;
          }
          terminal.print(printable(datasetText(report)));
          sound = report.ok;
        }
        const kept = dataset.source.prepared === true ? dataset.source.path : config.engine.prepared;
        if (kept !== null && isPreparedFolder(kept)) {
          const check = await hashed(({ onProgress, signal }) =>
            verifyPreparedFolder(kept, onProgress, signal),
          );
          if (check === null) {
            finish(exitCode.stopped);
            return;
          }
          terminal.print(printable(preparedText(kept, check)));
          sound &&= check.damaged.length === 0;
        }
        for (const model of config.models) sound = (await verifyModel(model, dataset)) && sound;
      } finally {
        await dataset.close();
      }
      terminal.print(sound ? 'All as stated.' : 'Not as stated.');
      finish(sound ? exitCode.pass : exitCode.verdictFailed);
    });
}

function preparedText(folder: string, { images, damaged }: FolderCheck): string {
  return [
    `prepared ${folder}: ${images} images`,
    ...damaged.map((what) => `        damaged: ${what}`),
    ...(damaged.length === 0
      ? []
      : ['        The next run or `prepare` that fills the folder makes them again.']),
  ].join('\n');
}

interface Hashing {
  readonly onProgress: (bytes: number, total: number) => void;
  readonly signal: AbortSignal;
}

/** Shows how far gigabytes are hashed; null where Ctrl-C stopped it. */
async function hashed<T>(work: (hashing: Hashing) => Promise<T>): Promise<T | null> {
  const interrupt = onInterrupt(terminal, 'Stopping; once more to stop at once.');
  const view = byteView(terminal, 'hashing');
  try {
    return await work({
      signal: interrupt.signal,
      onProgress: (bytes, total) => {
        view.update(bytes, total);
      },
    });
  } catch (error) {
    if (interrupt.signal.aborted) {
      terminal.note('Stopped.');
      return null;
    }
    throw error;
  } finally {
    view.stop();
    interrupt.dispose();
  }
}

async function verifyModel(model: ModelConfig, dataset: Dataset): Promise<boolean> {
  try {
    const [opened] = await openRunModels([model], dataset);
    const { path, sha256, manifest, facts } = opened!;
    const stated = manifest === null ? 'no manifest to hold it against' : `as ${manifest} states`;
    terminal.print(
      printable(`model   ${model.name}: ${path}\n        sha256 ${sha256}, ${stated}; ${facts.scheme}`),
    );
    return true;
  } catch (error) {
    if (!(error instanceof EvalError)) throw error;
    terminal.print(printable(`model   [${error.code}] ${error.message}`));
    return false;
  }
}

function datasetText(report: VerifyReport): string {
  const lines = [
    `manifest ${report.manifest}: ${report.images.found} of ${report.images.expected} images`,
    ...listed('missing', report.missing),
    ...listed('extra', report.extra),
    ...listed(
      'labelled otherwise than the manifest',
      report.mislabelled.map(({ id, expected, found }) => `${id} (${found ?? 'none'}, stated ${expected})`),
    ),
    ...listed(
      'classes with another number of images',
      report.uneven.map(({ index, expected, found }) => `class ${index}: ${found}, stated ${expected}`),
    ),
    ...(report.archive === null ? [] : archiveLines(report.archive)),
    ...(report.faults.length === 0 ? [] : [faultsText(report.faults)]),
  ];
  return lines.map((text) => `        ${text}`).join('\n');
}

function listed(what: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const shown = names.slice(0, 10).join(', ');
  return [`${names.length} ${what}: ${shown}${names.length > 10 ? ', ...' : ''}`];
}

function archiveLines(archive: NonNullable<VerifyReport['archive']>): string[] {
  const pairs = [
    ['bytes', archive.bytes],
    ['md5', archive.md5],
    ['sha256', archive.sha256],
  ] as const;
  return pairs.flatMap(([name, pair]) => {
    if (pair === null) return [];
    return [
      `archive ${name} ${pair.found}${pair.found === pair.expected ? ', as stated' : `, stated ${pair.expected}`}`,
    ];
  });
}
