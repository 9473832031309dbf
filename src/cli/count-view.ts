import { Presets, SingleBar } from 'cli-progress';

import { LINE_SECONDS } from './pace.js';
import type { Terminal } from './terminal.js';

export interface CountView {
  readonly update: (done: number, total: number) => void;
  readonly stop: () => void;
}

/** How far gigabytes are read. */
export function byteView(terminal: Terminal, what: string): CountView {
  const view = countView(terminal, what, 'MB');
  return {
    ...view,
    update(bytes, total) {
      view.update(megabytes(bytes), megabytes(total));
    },
  };
}

/** How far something is counted: a bar, or a line now and then where standard error is no terminal. */
export function countView(terminal: Terminal, what: string, unit: string): CountView {
  let last = performance.now();
  if (!terminal.interactive)
    return {
      update(done, total) {
        if (performance.now() - last < 1000 * LINE_SECONDS) return;
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
