import type { Command } from 'commander';

import { loadConfig, type Config, type ModelConfig } from '../../config/config.js';
import type { Dataset } from '../../dataset/dataset.js';
import { verifyDataset, type VerifyReport } from '../../dataset/verify.js';
import { isPreparedFolder, verifyPreparedFolder, type FolderCheck } from '../../prepared/folder.js';
import { openDatasetOf } from '../../jobs/run/open-dataset.js';
import { openRunModels } from '../../jobs/run/run-models.js';
import { EvalError, type Fault } from '../../domain/errors.js';
import { byteView } from '../count-view.js';
import { exitCode, type ExitCode } from '../exit.js';
import { faultsText } from '../faults-text.js';
import { stoppable } from '../interrupt.js';
import { showText, tell } from '../output.js';
import { printable, terminal } from '../terminal.js';

export function addVerify(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('verify')
    .argument('<config>', 'YAML file')
    .action(async (file: string) => {
      const verified = await verify(await loadConfig(file));
      if (verified === null) {
        finish(exitCode.stopped);
        return;
      }
      showText(verified.ok ? 'All as stated.' : 'Not as stated.', verified);
      finish(verified.ok ? exitCode.pass : exitCode.verdictFailed);
    });
}

/** What `verify --json` prints. */
interface Verified {
  readonly ok: boolean;
  readonly data: {
    readonly description: string;
    readonly labels: string;
    readonly images: number;
    readonly faults: readonly Fault[];
    /** null where there is no manifest to compare the data with. */
    readonly manifest: VerifyReport | null;
  };
  /** null where the config has no folder of prepared images. */
  readonly prepared: (FolderCheck & { readonly folder: string }) | null;
  readonly models: readonly VerifiedModel[];
}

/** Tells each part as it goes; null where Ctrl-C stopped it. */
async function verify(config: Config): Promise<Verified | null> {
  const dataset = await openDatasetOf(config, null, 0);
  try {
    const { source, samples, faults, manifest } = dataset;
    tell(printable(`data    ${source.description}, labels ${dataset.labelsDescription}`));
    let report: VerifyReport | null = null;
    if (manifest === null) {
      tell(`        ${samples.length} images; no data-set manifest to compare them with`);
      if (faults.length > 0) tell(printable(faultsText(faults)));
    } else {
      report = await hashed((options) => verifyDataset(dataset, manifest, options));
      if (report === null) return null;
      tell(printable(datasetText(report)));
    }
    const folder = source.prepared === true ? source.path : config.engine.prepared;
    let prepared: Verified['prepared'] = null;
    if (folder !== null && isPreparedFolder(folder)) {
      const check = await hashed(({ onProgress, signal }) =>
        verifyPreparedFolder(folder, onProgress, signal),
      );
      if (check === null) return null;
      prepared = { folder, ...check };
      tell(printable(preparedText(folder, check)));
    }
    const models: VerifiedModel[] = [];
    for (const model of config.models) {
      const verified = await verifyModel(model, dataset);
      tell(printable(modelText(verified)));
      models.push(verified);
    }
    return {
      ok:
        (report?.ok ?? faults.length === 0) &&
        (prepared?.damaged.length ?? 0) === 0 &&
        models.every(({ ok }) => ok),
      data: {
        description: source.description,
        labels: dataset.labelsDescription,
        images: samples.length,
        faults,
        manifest: report,
      },
      prepared,
      models,
    };
  } finally {
    await dataset.close();
  }
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
function hashed<T>(work: (hashing: Hashing) => Promise<T>): Promise<T | null> {
  const view = byteView(terminal, 'hashing');
  return stoppable(
    (signal) => work({ signal, onProgress: view.update }).finally(view.stop),
    'Stopped.',
    'Stopping; once more to stop at once.',
  );
}

type VerifiedModel = { readonly name: string } & (
  | {
      readonly ok: true;
      readonly path: string;
      readonly sha256: string;
      readonly manifest: string | null;
      readonly scheme: string;
    }
  | { readonly ok: false; readonly code: string; readonly what: string }
);

async function verifyModel(model: ModelConfig, dataset: Dataset): Promise<VerifiedModel> {
  const { name } = model;
  try {
    const [opened] = await openRunModels([model], dataset);
    const { path, sha256, manifest, facts } = opened!;
    return { name, ok: true, path, sha256, manifest, scheme: facts.scheme };
  } catch (error) {
    if (!(error instanceof EvalError)) throw error;
    return { name, ok: false, code: error.code, what: error.message };
  }
}

function modelText(model: VerifiedModel): string {
  if (!model.ok) return `model   [${model.code}] ${model.what}`;
  const stated = model.manifest === null ? 'no manifest to compare it with' : `as ${model.manifest} states`;
  return `model   ${model.name}: ${model.path}\n        sha256 ${model.sha256}, ${stated}; ${model.scheme}`;
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
