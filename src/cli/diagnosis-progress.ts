import type { DiagnosisProgress } from '../jobs/diagnose/progress.js';
import { liveLines, type LiveLines } from './live-lines.js';
import { durationText, LINE_SECONDS } from './pace.js';
import type { Terminal } from './terminal.js';
import { fitted } from './wrap.js';

type DiagnosisView = Pick<LiveLines<DiagnosisProgress>, 'update' | 'stop'>;

/** What a diagnosis is at, how far it is and the time left: a line that is redrawn, or plain lines where there is no terminal. */
export function diagnosisProgress(terminal: Terminal): DiagnosisView {
  return terminal.interactive ? liveLines(terminal, [progressLine]) : lineView(terminal);
}

function lineView(terminal: Terminal): DiagnosisView {
  let next = 0;
  let phase = '';
  return {
    update(progress) {
      if (progress.phase === phase && progress.seconds < next) return;
      phase = progress.phase;
      next = progress.seconds + LINE_SECONDS;
      terminal.note(progressLine(progress, Infinity));
    },
    stop: () => undefined,
  };
}

/** `qdq: 75 layers, each alone in float, on 16 images; 42 %, 35 s left` */
function progressLine({ model, phase, done, total, secondsLeft }: DiagnosisProgress, width: number): string {
  const share = total === 0 ? 0 : Math.floor((100 * done) / total);
  const left = secondsLeft === null ? '' : `, at most ${durationText(secondsLeft)} left`;
  const end = `; ${share} %${left}`;
  return fitted(`${model}: ${phase}`, width - end.length) + end;
}
