import type { Fault } from '../domain/errors.js';
import type { GateReport } from '../report/gate-schema.js';
import { gateSentence, gatesHeadline } from '../report/gate-wording.js';
import type { Summary } from '../report/summary-schema.js';
import { comparisonSentence, headline, notices, verdictSentence } from '../report/wording.js';

/** The answer, for a terminal. */
export function resultText(summary: Summary): string {
  const { answer } = headline(summary);
  const width = Math.max(...summary.models.map((model) => model.name.length), 5);
  const row = (cells: readonly string[]): string =>
    `${cells[0]!.padEnd(width)}  ${cells
      .slice(1)
      .map((cell) => cell.padStart(22))
      .join('  ')}`;
  const accuracy = ({ correct, percent }: { correct: number; percent: number | null }, n: number): string =>
    `${percent === null ? '-' : percent.toFixed(3)} % (${correct}/${n})`;
  return [
    '',
    row(['model', 'Top-1', 'Top-5', 'documented Top-1']),
    ...summary.models.map((model) =>
      row([
        model.name,
        accuracy(model.top1, model.images),
        accuracy(model.top5, model.images),
        model.documented?.top1 == null ? '-' : `${model.documented.top1.toFixed(2)} %`,
      ]),
    ),
    '',
    ...summary.models.map((model) => `${model.name}: ${verdictSentence(model)}`),
    ...summary.models.flatMap((model) =>
      model.comparison === null ? [] : [comparisonSentence(model, model.comparison)],
    ),
    ...notices(summary).map(({ title, text }) => `${title}: ${text}`),
    ...(summary.gates === null ? [] : ['', ...gateLines(summary.gates)]),
    '',
    answer,
  ].join('\n');
}

/** The gates, one a line, with what in the scores explains a failure. */
export function gateLines(report: GateReport): string[] {
  return [
    ...report.models.flatMap(({ model, verdicts, findings }) => [
      ...verdicts.map((verdict) => `${model}: ${gateSentence(verdict)}`),
      ...findings.map(({ text }) => `${model}: ${text}.`),
    ]),
    gatesHeadline(report),
  ];
}

/** Faults with their places, the first ones in full. */
export function faultsText(faults: readonly Fault[], shown = 20): string {
  const lines = faults
    .slice(0, shown)
    .map((f) => oneLine(`  - ${f.where === null ? '' : `${f.where}: `}${f.what} [${f.code}]`));
  if (faults.length > shown)
    lines.push(`  - and ${faults.length - shown} more; summary.json lists all bad images`);
  return lines.join('\n');
}

/** A line break in the name of a file must not look like the next fault. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]/g, '\ufffd');
}
