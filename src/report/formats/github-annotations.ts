import type { GateReport } from '../gate-schema.js';
import { gateMeasured, gateTitle } from '../gate-wording.js';

/**
 * GitHub's workflow commands for what did not pass: `::error` for a failed gate (and an undecided one where that
 * counts as failed), `::warning` for other undecided ones. One line each; GitHub shows ten of each kind a step.
 */
export function gateAnnotations({ models, undecidedIs }: GateReport): string[] {
  return models.flatMap(({ model, against, verdicts, findings }) =>
    verdicts
      .filter((verdict) => verdict.status !== 'pass')
      .map((verdict, place) => {
        const level = verdict.status === 'fail' || undecidedIs === 'fail' ? 'error' : 'warning';
        const pair = against === null ? model : `${model} against ${against}`;
        // Told once a model: the annotations of one step stand below each other.
        const found = place === 0 ? findings.map(({ text }) => ` ${text}.`).join('') : '';
        return annotation(
          level,
          `${pair}: ${verdict.gate} ${verdict.status === 'fail' ? 'failed' : 'undecided'}`,
          `Expected ${gateTitle(verdict)}, measured ${gateMeasured(verdict)} on ${verdict.images} images. ${verdict.rule}.${found}`,
        );
      }),
  );
}

/** A workflow command; names and texts from outside can end neither its property nor its line. */
export function annotation(level: 'error' | 'warning' | 'notice', title: string, message: string): string {
  return `::${level} title=${property(title)}::${data(message)}`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
