import { count } from '../figures.js';
import type { GateReport } from '../gate-schema.js';
import { gateLabel, gateMeasured, gatesHeadline, gateTitle } from '../gate-wording.js';
import { plain, table } from '../markdown.js';

/** The gates as Markdown, without a heading: the answer, one row a verdict, and what in the scores explains it. */
export function gatesMarkdown(report: GateReport): string[] {
  const told = report.models.filter(({ findings }) => findings.length > 0);
  return [
    plain(gatesHeadline(report)),
    table(
      [
        { head: 'Model', align: 'left' },
        { head: 'Against', align: 'left' },
        { head: 'Gate', align: 'left' },
        { head: 'Measured', align: 'right' },
        { head: 'Images', align: 'right' },
        { head: 'Verdict', align: 'left' },
        { head: 'By', align: 'left' },
      ],
      report.models.flatMap(({ model, against, verdicts }) =>
        verdicts.map((verdict) => [
          plain(model),
          plain(against ?? 'n/a'),
          plain(gateTitle(verdict)),
          gateMeasured(verdict),
          count(verdict.images),
          verdict.status === 'pass' ? 'Pass' : `**${gateLabel[verdict.status]}**`,
          plain(verdict.rule),
        ]),
      ),
    ),
    ...told.map(({ model, findings }) =>
      [
        `What the scores of ${plain(model)} show:`,
        '',
        ...findings.map((finding) => `- ${plain(finding.text)}`),
      ].join('\n'),
    ),
  ];
}
