import { basename, extname, join } from 'node:path';

import { InvalidArgumentError, Option, type Command } from 'commander';

import { defaults } from '../config/config.js';
import { most } from '../config/schema.js';
import { cacheFolder } from '../domain/cache-location.js';
import { GALLERY_SIZE } from '../report/gallery-size.js';
import { typedCommand } from './quote.js';

/** Which images of the data set a command takes. */
export interface LimitFlags {
  /** null: all. */
  readonly limit: number | null;
  readonly limitSeed: number;
}

/** How a command runs networks; null: as the config says. */
export interface EngineFlags {
  readonly workers: number | null;
  readonly batch: number | null;
}

/** Options of `run` and its kin, which override the config file. */
export interface RunFlags extends LimitFlags, EngineFlags {
  readonly out?: string;
  readonly fresh: boolean;
  readonly cache: boolean;
  readonly guard: boolean;
  /** null: as many as a report has by default. */
  readonly gallery: number | null;
}

/** Reads a whole number of an option. */
export function integerFrom(least: number, greatest = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least && value <= greatest) return value;
    const range = greatest === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${greatest}`;
    throw new InvalidArgumentError(`Expected a whole number ${range}.`);
  };
}

export const positiveInteger = integerFrom(1);
export const nonNegativeInteger = integerFrom(0);

/** Worker threads, as `engine.workers` takes them. */
export function workersOption(): Option {
  return new Option('--workers <n>', 'worker threads')
    .argParser(integerFrom(1, most.workers))
    .default(null, 'one a core');
}

/** Adds the options that say how networks are run. */
export function withEngineOptions(command: Command): Command {
  return command
    .addOption(workersOption())
    .addOption(
      new Option('--batch <n>', 'images a call of onnxruntime')
        .argParser(integerFrom(1, most.batch))
        .default(null, String(defaults.batch)),
    );
}

/** Adds the options that choose a part of the images. */
export function withLimitOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--limit <n>', 'only n images, drawn by class with a seed; a report of them says so')
        .argParser(positiveInteger)
        .default(null, 'all'),
    )
    .option('--limit-seed <n>', 'seed of that draw', nonNegativeInteger, 0);
}

/** Adds the options that say how a config is run. */
export function withRunOptions(command: Command): Command {
  return withLimitOptions(withEngineOptions(command))
    .addOption(
      new Option('--gallery <n>', 'pictures in report.html')
        .argParser(nonNegativeInteger)
        .default(null, String(GALLERY_SIZE)),
    )
    .option('--no-cache', 'neither read nor write the prediction cache')
    .option('--no-guard', 'measure on even where accuracy is near chance');
}

/** The same as a job takes them. */
export function runOptions({ workers, batch, limit, limitSeed, fresh, cache, guard, gallery }: RunFlags) {
  return {
    ...{ workers, batch, limit, limitSeed, fresh, guard, gallery },
    cache: cache ? cacheFolder() : null,
    command: typedCommand(),
  };
}

/** Of a sequential check. */
export function errorRateOption(): Option {
  return new Option(
    '--error-rate <p>',
    'of a sequential check: chance at most of any false fail, and of any false pass',
  )
    .argParser((text) => {
      const value = Number(text);
      if (value > 0 && value < 0.5) return value;
      throw new InvalidArgumentError('Expected a number between 0 and 0.5.');
    })
    .default(0.01);
}

/** Where what a command writes of a config lies by default: `reports/demo-sweep` for `configs/demo.yaml`. */
export function reportFolder(config: string, suffix = ''): string {
  return join('reports', `${basename(config, extname(config))}${suffix}`);
}
