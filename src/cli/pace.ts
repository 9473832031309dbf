import type { EngineProgress } from '../engine/options.js';
import { duration } from '../report/figures.js';

/** Seconds of the past that a rate rests on. */
const WINDOW_SECONDS = 5;

/** Between two lines of progress where standard error is no terminal. */
export const LINE_SECONDS = 10;

/** Less than these seconds say nothing yet. */
const SHORTEST_SECONDS = 0.2;

/** Between two points of the window; a progress event comes with every image. */
const STEP_SECONDS = 0.1;

type Moment = Pick<EngineProgress, 'done' | 'known' | 'total' | 'seconds'>;

/**
 * Images a second and time left, from the last seconds' images that were really measured: those that an earlier run
 * knew pass in no time and say nothing of the rest.
 */
export class Pace {
  private readonly window: { readonly seconds: number; readonly measured: number }[] = [];
  private last: Moment | null = null;

  see(moment: Moment): void {
    this.last = moment;
    const { seconds, done, known } = moment;
    const newest = this.window.at(-1);
    if (newest !== undefined && seconds - newest.seconds < STEP_SECONDS) return;
    this.window.push({ seconds, measured: done - known });
    while (this.window.length > 2 && this.window[1]!.seconds <= seconds - WINDOW_SECONDS) this.window.shift();
  }

  /** Measured images a second over the last seconds; null before anything can be said. */
  rate(): number | null {
    const [oldest] = this.window;
    if (oldest === undefined || this.last === null) return null;
    const { seconds, done, known } = this.last;
    const elapsed = seconds - oldest.seconds;
    const measured = done - known - oldest.measured;
    return elapsed >= SHORTEST_SECONDS && measured > 0 ? measured / elapsed : null;
  }

  /** Seconds until the last image at this rate; null before anything can be said. */
  secondsLeft(): number | null {
    if (this.last === null) return null;
    const open = this.last.total - this.last.done;
    if (open === 0) return 0;
    const rate = this.rate();
    return rate === null ? null : open / rate;
  }
}

/** `6 s`, `2 min 05 s`, `3 h 10 min`; `-` where nobody can tell. */
export function durationText(seconds: number | null): string {
  if (seconds === null) return '-';
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : duration(whole);
}
