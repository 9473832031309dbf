import type { Handshake } from './handshake.js';

/** How a command is started and how long it may think. */
export interface AdapterCommand {
  /** Program and arguments; files among them by their absolute paths. */
  readonly command: readonly string[];
  readonly startTimeoutSeconds: number;
  readonly batchTimeoutSeconds: number;
}

/** How a worker opens a network in a process of its own. */
export interface ProcessPlan extends AdapterCommand {
  readonly runtime: 'process';
  /** What it said when the run began; another answer later is a fault. */
  readonly said: Handshake;
}
