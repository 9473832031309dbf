import { MultiBar, Presets } from 'cli-progress';

import type { Terminal } from './terminal.js';
import { wrapped } from './wrap.js';

/** Lines at the end of the terminal that tell of what was seen last. */
export interface LiveLines<Seen> {
  readonly update: (seen: Seen) => void;
  /** Prints a text above them. */
  readonly log: (text: string) => void;
  readonly stop: () => void;
}

/**
 * Redraws lines in time from the first update on: what one says is asked for at that moment, with the width that the
 * terminal has then.
 */
export function liveLines<Seen>(
  terminal: Terminal,
  lines: readonly ((seen: Seen, width: number) => string)[],
): LiveLines<Seen> {
  const bars = new MultiBar({ hideCursor: true, fps: 8, stopOnComplete: false }, Presets.shades_classic);
  let last: { readonly seen: Seen } | null = null;
  return {
    update(seen) {
      const first = last === null;
      last = { seen };
      if (!first) return;
      for (const line of lines)
        bars.create(1, 0, {}, { format: () => line(last!.seen, terminal.columns() - 1) });
    },
    log(text) {
      bars.log(`${wrapped(text, terminal.columns())}\n`);
    },
    stop() {
      bars.update();
      bars.stop();
    },
  };
}
