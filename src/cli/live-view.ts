import type { Config } from '../config/config.js';
import type { ReportEvents } from '../jobs/run/evaluate-to-report.js';
import { watchedModels } from '../store/run-state.js';
import { outputFlags } from './output-flags.js';
import { planText, tensorText } from './plan-text.js';
import { progressView, type ProgressView } from './progress.js';
import { printable, terminal } from './terminal.js';

/** The plan, progress and warnings of a run on the terminal. */
export interface LiveView {
  readonly events: ReportEvents;
  readonly say: (text: string) => void;
  readonly stop: () => void;
}

/**
 * @param models of the run, in its order
 * @param early whether the run may end before its last image
 */
export function liveView(models: Config['models'], early = false): LiveView {
  const names = models.map(({ name }) => name);
  let view: ProgressView | null = null;
  const say = (text: string): void => {
    const safe = printable(text);
    if (view === null) terminal.note(safe);
    else view.log(safe);
  };
  const warn = (text: string): void => {
    if (view === null) terminal.warn(printable(text));
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
        if (!outputFlags().quiet) view = progressView(terminal, watchedModels(models), early);
      },
      onProgress: (progress) => view?.update(progress),
      onFirstTensors: (statistics) => {
        say(tensorText(statistics, names));
      },
      onWarning: (text) => {
        warn(`warning: ${text}`);
      },
      onMeasured: stop,
    },
  };
}
