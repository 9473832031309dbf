import type { CheckRecord } from '../report/check.js';
import { comparisonSentence } from '../report/wording.js';
import { gateLines } from './result-text.js';

/** What a check found, for a terminal. */
export function checkText(check: CheckRecord): string {
  const { sequential, baseline, models, gates } = check;
  const differences = baseline?.differences ?? [];
  return [
    '',
    ...differences.map((text) => `The baseline was made under other conditions: ${text}.`),
    ...models.flatMap((model) => [
      ...model.notes.map((note) => `${model.name}: ${note}`),
      ...(model.comparison === null ? [] : [comparisonSentence(model, model.comparison)]),
    ]),
    ...(sequential === null
      ? []
      : [
          `${sequential.imagesSeen} of ${sequential.population} images were seen in random order (seed ${sequential.seed}); ended: ${sequential.ended}.`,
        ]),
    '',
    ...gateLines(gates),
  ].join('\n');
}
