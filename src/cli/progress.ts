import { MultiBar, Presets, type SingleBar } from 'cli-progress';

import type { EngineProgress } from '../engine/run.js';
import type { Terminal } from './terminal.js';

export interface ProgressView {
  update(progress: EngineProgress): void;
  /** Prints a line above the bar. */
  log(text: string): void;
  stop(): void;
}

/** Seconds between two lines where standard error is no terminal. */
const LINE_EVERY = 10;

/** A bar with images a second, time left and running Top-1 of each model; plain lines when not a terminal. */
export function progressView(terminal: Terminal, names: readonly string[]): ProgressView {
  return terminal.interactive ? barView(names) : lineView(terminal, names);
}

function barView(names: readonly string[]): ProgressView {
  const bars = new MultiBar(
    {
      format: '{bar} {value}/{total} | {rate} images/s | {left} left | {top1}',
      hideCursor: true,
      fps: 8,
      stopOnComplete: false,
    },
    Presets.shades_classic,
  );
  let bar: SingleBar | null = null;
  return {
    update(progress) {
      const payload = {
        rate: rate(progress).toFixed(1),
        left: timeLeft(progress),
        top1: runningTop1(progress, names),
      };
      bar ??= bars.create(progress.total, 0, payload);
      bar.update(progress.done, payload);
    },
    log(text) {
      bars.log(`${text}\n`);
    },
    stop() {
      bars.update();
      bars.stop();
    },
  };
}

function lineView(terminal: Terminal, names: readonly string[]): ProgressView {
  let next = 0;
  let last: EngineProgress | null = null;
  const line = (progress: EngineProgress): void => {
    terminal.note(
      `${progress.done}/${progress.total} images, ${rate(progress).toFixed(1)} images/s, ${timeLeft(progress)} left, ${runningTop1(progress, names)}`,
    );
  };
  return {
    update(progress) {
      last = progress;
      if (progress.seconds < next) return;
      next = progress.seconds + LINE_EVERY;
      if (progress.done > 1) line(progress);
      else next = 2;
    },
    log: (text) => {
      terminal.note(text);
    },
    stop() {
      if (last !== null) line(last);
    },
  };
}

function rate({ done, seconds }: EngineProgress): number {
  return seconds > 0 ? done / seconds : 0;
}

function timeLeft(progress: EngineProgress): string {
  const perSecond = rate(progress);
  if (perSecond === 0) return '-';
  const seconds = Math.round((progress.total - progress.done) / perSecond);
  return seconds < 60
    ? `${seconds} s`
    : `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

function runningTop1({ running }: EngineProgress, names: readonly string[]): string {
  const short = running.map(
    ({ images, top1 }, i) => `${names[i]!} ${images === 0 ? '-' : `${((100 * top1) / images).toFixed(2)} %`}`,
  );
  return `Top-1 ${short.join(', ')}`;
}
