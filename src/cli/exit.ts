/** Exit codes of every command; README and --help state them. */
export const exitCode = {
  /** All verdicts pass. */
  pass: 0,
  /** A verdict failed: a documented figure missed, a gate broken, a file altered. */
  verdictFailed: 1,
  /** Wrong usage or input: config, data, models, bad images. */
  input: 2,
  /** Stopped by Ctrl-C or SIGTERM; the same command goes on. */
  stopped: 130,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
