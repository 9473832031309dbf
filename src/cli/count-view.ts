import { Presets, SingleBar } from 'cli-progress';

import type { Terminal } from './terminal.js';

export interface CountView {
  update(done: number, total: number): void;
  stop(): void;
}

/** Milliseconds between two lines where standard error is no terminal. */
const LINE_EVERY = 10_000;

/** How far gigabytes are read. */
export function byteView(terminal: Terminal, what: string): CountView {
  const view = countView(terminal, what, 'MB');
  return {
    update(bytes, total) {
      view.update(megabytes(bytes), megabytes(total));
    },
    stop() {
      view.stop();
    },
  };
}

/** How far something is counted: a bar, or a line now and then where standard error is no terminal. */
export function countView(terminal: Terminal, what: string, unit: string): CountView {
  let last = performance.now();
  if (!terminal.interactive)
    return {
      update(done, total) {
        if (performance.now() - last < LINE_EVERY) return;
        last = performance.now();
        terminal.note(`${what}: ${done} of ${total} ${unit}`);
      },
      stop: () => undefined,
    };
  let bar: SingleBar | null = null;
  return {
    update(done, total) {
      bar ??= started(what, unit, total);
      bar.update(done);
    },
    stop() {
      bar?.stop();
    },
  };
}

function started(what: string, unit: string, total: number): SingleBar {
  const bar = new SingleBar(
    { format: `${what} {bar} {percentage} % | {value}/{total} ${unit} | {eta_formatted} left` },
    Presets.shades_classic,
  );
  bar.start(total, 0);
  return bar;
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}
