import { MultiBar, Presets, type SingleBar } from 'cli-progress';

import type { DiagnosisProgress } from '../jobs/diagnose/progress.js';
import { durationText } from './pace.js';
import type { Terminal } from './terminal.js';

/** Seconds between two lines where standard error is no terminal. */
const LINE_EVERY = 10;

/** What a diagnosis is at, how far it is and the time left: a line that is redrawn, or plain lines where there is no terminal. */
export function diagnosisProgress(terminal: Terminal): {
  update(progress: DiagnosisProgress): void;
  stop(): void;
} {
  return terminal.interactive ? barView(terminal) : lineView(terminal);
}

function barView(terminal: Terminal): ReturnType<typeof diagnosisProgress> {
  const bars = new MultiBar({ hideCursor: true, fps: 8, stopOnComplete: false }, Presets.shades_classic);
  let bar: SingleBar | null = null;
  let last: DiagnosisProgress | null = null;
  return {
    update(progress) {
      last = progress;
      const format = (): string => (last === null ? '' : progressLine(last, terminal.columns() - 1));
      bar ??= bars.create(1, 0, {}, { format });
    },
    stop() {
      if (last === null) return;
      last = null;
      bars.stop();
    },
  };
}

function lineView(terminal: Terminal): ReturnType<typeof diagnosisProgress> {
  let next = 0;
  let phase = '';
  return {
    update(progress) {
      if (progress.phase === phase && progress.seconds < next) return;
      phase = progress.phase;
      next = progress.seconds + LINE_EVERY;
      terminal.note(progressLine(progress, Infinity));
    },
    stop: () => undefined,
  };
}

/** `qdq: 75 layers, each alone in float, on 16 images; 42 %, 35 s left` */
export function progressLine(
  { model, phase, done, total, secondsLeft }: DiagnosisProgress,
  width: number,
): string {
  const share = total === 0 ? 0 : Math.floor((100 * done) / total);
  const left = secondsLeft === null ? '' : `, at most ${durationText(secondsLeft)} left`;
  const end = `; ${share} %${left}`;
  const start = `${model}: ${phase}`;
  const room = width - end.length;
  return (start.length > room ? `${start.slice(0, Math.max(0, room - 1))}\u2026` : start) + end;
}
