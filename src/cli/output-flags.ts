/** How much a command says, and in which form: options that every command takes. */
export interface OutputFlags {
  /** The answer alone. */
  readonly quiet: boolean;
  /** Rules and details too. */
  readonly verbose: boolean;
  /** The result as JSON on standard output. */
  readonly json: boolean;
}

let flags: OutputFlags = { quiet: false, verbose: false, json: false };

/** To be called once, before a command's action. */
export function setOutput(asked: OutputFlags): void {
  flags = asked;
}

export function outputFlags(): OutputFlags {
  return flags;
}
