import type { EngineProgress } from '../engine/options.js';
import type { WatchedModel } from '../store/run-state.js';
import { liveLines } from './live-lines.js';
import { durationText, LINE_SECONDS, Pace } from './pace.js';
import type { Terminal } from './terminal.js';
import { fitted } from './wrap.js';

export interface ProgressView {
  update(progress: EngineProgress): void;
  /** Prints a line above the bar. */
  log(text: string): void;
  stop(): void;
}

/**
 * Images done, images a second, time left, and running Top-1 and drop of each model: lines that are redrawn, as wide as
 * the terminal is at that moment; plain lines where there is none, or one that can't move its cursor.
 *
 * @param early whether the run may end before its last image, so that the time left is an upper bound
 */
export function progressView(
  terminal: Terminal,
  models: readonly WatchedModel[],
  early: boolean,
): ProgressView {
  return terminal.interactive ? barView(terminal, models, early) : lineView(terminal, models, early);
}

function barView(terminal: Terminal, models: readonly WatchedModel[], early: boolean): ProgressView {
  const pace = new Pace();
  const { update, log, stop } = liveLines<EngineProgress>(terminal, [
    (now, width) => summaryLine(now, pace, early, width),
    ...models.map(
      (_, at) => (now: EngineProgress, width: number) => fitted(modelText(now, models, at), width),
    ),
  ]);
  return {
    update(progress) {
      pace.see(progress);
      update(progress);
    },
    log,
    stop,
  };
}

function lineView(terminal: Terminal, models: readonly WatchedModel[], early: boolean): ProgressView {
  const pace = new Pace();
  let next = 0;
  let last: EngineProgress | null = null;
  const line = (progress: EngineProgress): void => {
    const running = models.map((_, at) => modelText(progress, models, at));
    terminal.note(
      `${progress.done}/${progress.total} images, ${paceText(pace, early)}, ${running.join(', ')}`,
    );
  };
  return {
    update(progress) {
      last = progress;
      pace.see(progress);
      if (progress.seconds < next) return;
      next = progress.seconds + LINE_SECONDS;
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

/** What must be seen comes first; the bar takes what the width leaves of it. */
export function summaryLine(progress: EngineProgress, pace: Pace, early: boolean, width: number): string {
  const { done, total } = progress;
  const text = `${done}/${total} images  ${paceText(pace, early)}`;
  const room = Math.min(40, width - text.length - 2);
  if (room < 5) return fitted(text, width);
  const full = total === 0 ? room : Math.floor((room * done) / total);
  return `${'\u2588'.repeat(full)}${'\u2591'.repeat(room - full)}  ${text}`;
}

function paceText(pace: Pace, early: boolean): string {
  const left = durationText(pace.secondsLeft());
  const rate = pace.rate();
  const speed = rate === null ? '' : `, ${rate.toFixed(1)} images/s`;
  return `${early && left !== '-' && left !== '0 s' ? 'at most ' : ''}${left} left${speed}`;
}

/** `int8: Top-1 85.80 %, drop 1.00 against float` */
export function modelText({ running }: EngineProgress, models: readonly WatchedModel[], at: number): string {
  const { name, comparedWith } = models[at]!;
  const top1 = share(running[at]!);
  if (top1 === null) return `${name}: Top-1 -`;
  const other = comparedWith === null ? null : share(running[comparedWith]!);
  const points = other === null ? null : other - top1;
  const drop =
    points === null
      ? ''
      : `, ${points < 0 ? 'gain' : 'drop'} ${Math.abs(points).toFixed(2)} against ${models[comparedWith!]!.name}`;
  return `${name}: Top-1 ${top1.toFixed(2)} %${drop}`;
}

function share({ images, top1 }: EngineProgress['running'][number]): number | null {
  return images === 0 ? null : (100 * top1) / images;
}
