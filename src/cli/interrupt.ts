import { exitCode } from './exit.js';
import type { Terminal } from './terminal.js';

/** Aborts on Ctrl-C and SIGTERM, so that a run ends cleanly; a second Ctrl-C ends the process at once. */
export function onInterrupt(terminal: Terminal): { readonly signal: AbortSignal; dispose(): void } {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(exitCode.stopped);
    terminal.note('Stopping after the images under way; once more to stop at once.');
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return {
    signal: controller.signal,
    dispose() {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
    },
  };
}
