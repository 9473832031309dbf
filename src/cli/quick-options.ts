import { extname } from 'node:path';

import { InvalidArgumentError, type Command } from 'commander';

import { ConfigError } from '../domain/errors.js';

/** Options of a run without a config. */
export interface QuickFlags {
  readonly images?: string;
  readonly labels?: string;
  readonly recipe?: string;
  readonly documented?: readonly number[];
  readonly compareWith?: string;
}

/** Adds the options of a run that is given model files instead of a config. */
export function withQuickOptions(command: Command): Command {
  return command
    .option('--images <path>', 'with model files: a tar archive or a folder of images')
    .option('--labels <labels>', 'folders, filenames, ilsvrc2012-val or a label file; default: what is found')
    .option(
      '--recipe <name>',
      'for all models; default: what files beside them say, else the best of a few usual ones',
    )
    .option(
      '--documented <percent>',
      'documented Top-1 of each model in order, separated by commas',
      percentages,
    )
    .option('--compare-with <model>', 'that the others are compared with; default: the first');
}

function percentages(text: string): number[] {
  const values = text.split(',').map((part) => Number(part.replace(/%$/, '')));
  if (values.some((value) => !(value > 1 && value <= 100)))
    throw new InvalidArgumentError('Expected Top-1 in percent, e.g. 74.38, or one a model: 74.38,73.61.');
  return values;
}

function isYaml(file: string): boolean {
  return ['.yaml', '.yml'].includes(extname(file).toLowerCase());
}

/** Whether these are models to be measured at once, not a config. */
export function isQuick(files: readonly string[], flags: QuickFlags): boolean {
  return flags.images !== undefined || files.some((file) => extname(file).toLowerCase() === '.onnx');
}

/** The config among what may be one. @throws ConfigError where several files are given without `--images` */
export function onlyConfig(files: readonly string[]): string {
  const [file, ...more] = files;
  if (more.length === 0) return file!;
  throw new ConfigError({
    code: 'several-configs',
    what: `${files.length} files are given, but a run takes one config`,
    where: files.join(', '),
    remedy: 'Run them one after the other; to measure model files at once give them with --images FOLDER.',
  });
}

/** The models and images of a run without a config. @throws ConfigError where one of both is missing, or a config is among them */
export function quickFiles(
  files: readonly string[],
  flags: QuickFlags,
): { models: readonly string[]; images: string } {
  const config = files.find(isYaml);
  if (config !== undefined) {
    throw new ConfigError({
      code: 'config-with-models',
      what: 'a config names its own images and models',
      where: config,
      remedy: 'Give the config alone, or model files with --images and no config.',
    });
  }
  if (flags.images !== undefined) return { models: files, images: flags.images };
  throw new ConfigError({
    code: 'images-missing',
    what: 'model files are measured on images, and none are named',
    where: files.join(', '),
    remedy: 'Add --images FOLDER (or a tar archive); labels and recipe are looked for.',
  });
}
