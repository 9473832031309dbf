import type { Terminal } from './terminal.js';

/** Aborts on Ctrl-C and SIGTERM, so that a run ends cleanly; a second Ctrl-C ends the process at once. */
export function onInterrupt(
  terminal: Terminal,
  notice = 'Stopping after the images under way; once more to stop at once.',
): { readonly signal: AbortSignal; dispose(): void } {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) dieAtOnce();
    terminal.note(notice);
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

/**
 * Ends the process as if Ctrl-C had never been caught: a shell sees 130. `process.exit` would wait for worker threads
 * in the middle of native code, and abort.
 */
function dieAtOnce(): void {
  process.removeAllListeners('SIGINT');
  process.kill(process.pid, 'SIGINT');
}
