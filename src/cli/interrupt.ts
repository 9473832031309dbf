import { exitCode, type ExitCode } from './exit.js';
import { terminal } from './terminal.js';

/**
 * Does something with a signal that Ctrl-C and SIGTERM abort, so that it ends cleanly; a second Ctrl-C ends the process at
 * once.
 */
export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
  notice = 'Stopping after the images under way; once more to stop at once.',
): Promise<T> {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) dieAtOnce();
    terminal.note(notice);
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    return await work(controller.signal);
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

/** The same for work that throws where it is stopped. @returns null then, which `said` tells */
export function stoppable<T>(
  work: (signal: AbortSignal) => Promise<T>,
  said: string,
  notice?: string,
): Promise<T | null> {
  return interruptible(async (signal) => {
    try {
      return await work(signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      terminal.note(said);
      return null;
    }
  }, notice);
}

/** Says of a run that was stopped how it goes on. */
export function stoppedIn(out: string): ExitCode {
  terminal.note(`Stopped. What was done is kept in ${out}; the same command goes on from there.`);
  return exitCode.stopped;
}

/**
 * Ends the process as if Ctrl-C had never been caught: a shell sees 130. `process.exit` would wait for worker threads
 * in the middle of native code, and abort.
 */
function dieAtOnce(): void {
  process.removeAllListeners('SIGINT');
  process.kill(process.pid, 'SIGINT');
}
