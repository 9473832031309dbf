import { FaultError } from 'reference-pixels/errors';

export { ImageError, messageOf, type Fault } from 'reference-pixels/errors';

/** Base of every error that is told to a user in one paragraph, without a stack; `ImageError` is one too. */
export { FaultError as EvalError };

/** The system's name for a fault, e.g. `ENOSPC`; undefined if it is none of the system's. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** The config file, a manifest or the command line is wrong. */
export class ConfigError extends FaultError {}

/** A data set, an archive or a label file is missing, altered, hostile or contradicts itself. */
export class DatasetError extends FaultError {}

/** A model file is missing, altered, no ONNX, or can't take the recipe. */
export class ModelError extends FaultError {}

/** A run can't go on: a worker died twice, the disk is full, the set-up is plainly wrong. */
export class RunError extends FaultError {}

/** What is stored of earlier runs (journal, cache, baseline) is unusable or doesn't fit. */
export class StoreError extends FaultError {}
