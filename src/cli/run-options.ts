import { InvalidArgumentError, type Command } from 'commander';

import { most } from '../config/schema.js';
import { GALLERY_SIZE } from '../report/gallery-size.js';

/** What `run` and its kin are told on the command line; it overrides the config file. */
export interface RunFlags {
  readonly out?: string;
  readonly workers?: number;
  readonly batch?: number;
  readonly limit?: number;
  readonly limitSeed: number;
  readonly shard?: { readonly index: number; readonly of: number };
  readonly fresh: boolean;
  readonly cache: boolean;
  readonly guard: boolean;
  readonly gallery?: number;
}

export function positiveInteger(text: string): number {
  return wholeNumber(text, 1);
}

/** Worker threads, as `engine.workers` takes them. */
export function workerCount(text: string): number {
  return wholeNumber(text, 1, most.workers);
}

/** Images a call, as `engine.batch` takes them. */
export function batchSize(text: string): number {
  return wholeNumber(text, 1, most.batch);
}

export function nonNegativeInteger(text: string): number {
  return wholeNumber(text, 0);
}

function wholeNumber(text: string, least: number, greatest = Number.MAX_SAFE_INTEGER): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= greatest) return value;
  const range = greatest === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${greatest}`;
  throw new InvalidArgumentError(`Expected a whole number ${range}.`);
}

/** Adds the options that say how a config is run. */
export function withRunOptions(command: Command): Command {
  return command
    .option('--workers <n>', 'worker threads; default: one a core', workerCount)
    .option('--batch <n>', 'images a call of onnxruntime; default: 4', batchSize)
    .option('--limit <n>', 'only n images, drawn by class with a seed; every report says so', positiveInteger)
    .option('--limit-seed <n>', 'seed of that draw', nonNegativeInteger, 0)
    .option('--gallery <n>', `pictures in report.html; default: ${GALLERY_SIZE}`, nonNegativeInteger)
    .option('--no-cache', 'neither read nor write the prediction cache')
    .option('--no-guard', 'measure on even where accuracy is near chance');
}
