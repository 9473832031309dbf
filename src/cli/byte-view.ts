import { Presets, SingleBar } from 'cli-progress';

import type { Terminal } from './terminal.js';

export interface ByteView {
  update(bytes: number, total: number): void;
  stop(): void;
}

/** Milliseconds between two lines where standard error is no terminal. */
const LINE_EVERY = 10_000;

/** How far gigabytes are read: a bar, or a line now and then where standard error is no terminal. */
export function byteView(terminal: Terminal, what: string): ByteView {
  let last = performance.now();
  if (!terminal.interactive)
    return {
      update(bytes, total) {
        if (performance.now() - last < LINE_EVERY) return;
        last = performance.now();
        terminal.note(`${what}: ${megabytes(bytes)} of ${megabytes(total)} MB`);
      },
      stop: () => undefined,
    };
  let bar: SingleBar | null = null;
  return {
    update(bytes, total) {
      bar ??= started(what, total);
      bar.update(megabytes(bytes));
    },
    stop() {
      bar?.stop();
    },
  };
}

function started(what: string, total: number): SingleBar {
  const bar = new SingleBar(
    { format: `${what} {bar} {percentage} % | {value}/{total} MB | {eta_formatted} left` },
    Presets.shades_classic,
  );
  bar.start(megabytes(total), 0);
  return bar;
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}
