import type { EvaluateEvents } from '../jobs/run/evaluate.js';
import { planText, tensorText } from './plan-text.js';
import { progressView, type ProgressView } from './progress.js';
import { printable, terminal } from './terminal.js';

/** The plan, progress and warnings of a run on the terminal. */
export interface LiveView {
  readonly events: EvaluateEvents & { onMeasured(): void };
  say(text: string): void;
  stop(): void;
}

/** @param names of the models, in the run's order */
export function liveView(names: readonly string[]): LiveView {
  let view: ProgressView | null = null;
  const say = (text: string): void => {
    if (view === null) terminal.note(printable(text));
    else view.log(printable(text));
  };
  const stop = (): void => {
    view?.stop();
    view = null;
  };
  return {
    say,
    stop,
    events: {
      onStart(plan) {
        say(planText(plan));
        view = progressView(terminal, names);
      },
      onProgress: (progress) => view?.update(progress),
      onFirstTensors: (statistics) => {
        say(tensorText(statistics, names));
      },
      onWarning: (text) => {
        say(`warning: ${text}`);
      },
      onMeasured: stop,
    },
  };
}
