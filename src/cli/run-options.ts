import { InvalidArgumentError, type Command } from 'commander';

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
}

export function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('Expected a whole number from 1.');
  return value;
}

export function nonNegativeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0)
    throw new InvalidArgumentError('Expected a whole number from 0.');
  return value;
}

/** Adds the options that say how a config is run. */
export function withRunOptions(command: Command): Command {
  return command
    .option('--workers <n>', 'worker threads; default: one a core', positiveInteger)
    .option('--batch <n>', 'images a call of onnxruntime; default: 4', positiveInteger)
    .option('--limit <n>', 'only n images, drawn by class with a seed; every report says so', positiveInteger)
    .option('--limit-seed <n>', 'seed of that draw', nonNegativeInteger, 0)
    .option('--no-cache', 'neither read nor write the prediction cache')
    .option('--no-guard', 'measure on even where accuracy is near chance');
}
