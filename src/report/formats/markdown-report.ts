import { classNamer } from '../class-name.js';
import { bytes, count, counted, duration, percent, range, signed, signedRange, pValue } from '../figures.js';
import { code, plain, table, type Column } from '../markdown.js';
import { mostChanged } from '../most-changed.js';
import { runtimeLine, sizeText } from '../network-text.js';
import { recipeSteps } from '../recipe-text.js';
import type { Report, ReportFile, ReportWriter } from '../report.js';
import type { Summary } from '../summary-schema.js';
import { gatesMarkdown } from './gates-markdown.js';
import {
  comparisonSentence,
  documentedText,
  headline,
  notices,
  verdictLabel,
  verdictSentence,
} from '../wording.js';

/** `report.md`: the report as GitHub-flavoured Markdown, for a pull request or a job summary. */
export const markdownReport: ReportWriter = (report): ReportFile[] => {
  const { summary } = report;
  const { question, answer } = headline(summary);
  const parts = [
    `# ${plain(summary.run.title ?? `Accuracy on ${summary.dataset.description}`)}`,
    `**${plain(question)}** ${plain(answer)}`,
    accuracyTable(summary),
    summary.models.map((model) => `- **${plain(model.name)}**: ${plain(verdictSentence(model))}`).join('\n'),
    ...(summary.gates === null ? [] : ['## Gates', ...gatesMarkdown(summary.gates)]),
    ...noticeParts(summary),
    ...comparisonParts(report),
    ...provenanceParts(summary),
  ];
  return [{ path: 'report.md', content: [`${parts.join('\n\n')}\n`] }];
};

const left = (head: string): Column => ({ head, align: 'left' });
const right = (head: string): Column => ({ head, align: 'right' });

function accuracyTable({ models }: Summary): string {
  const withReal = models.some((model) => model.real !== null);
  return table(
    [
      left('Model'),
      right('Documented Top-1'),
      right('Top-1'),
      right('95 % interval'),
      right('Difference'),
      right('Top-5'),
      ...(withReal ? [right('ReaL')] : []),
      left('Verdict'),
    ],
    models.map((model) => [
      plain(model.name),
      documentedText(model.documented?.top1),
      `${percent(model.top1.percent)} (${count(model.top1.correct)} / ${count(model.images)})`,
      range(model.top1.wilson95, 2),
      model.verdict.difference === null ? 'n/a' : signed(model.verdict.difference),
      `${percent(model.top5.percent)} (${count(model.top5.correct)})`,
      ...(withReal
        ? [
            model.real === null
              ? 'n/a'
              : `${percent(model.real.top1.percent)} (of ${count(model.real.images)})`,
          ]
        : []),
      verdictLabel[model.verdict.outcome],
    ]),
  );
}

function noticeParts(summary: Summary): string[] {
  const list = notices(summary).map(
    ({ tone, title, text }) =>
      `> [!${tone === 'caution' ? 'WARNING' : 'NOTE'}]\n> **${plain(title)}.** ${plain(text)}`,
  );
  const { badImages } = summary.dataset;
  if (badImages.length > 0)
    list.push(
      table(
        [left('Image'), left('Code'), left('What was wrong')],
        badImages.slice(0, 50).map((bad) => [code(bad.id), code(bad.code), plain(bad.message)]),
      ),
    );
  if (badImages.length > 50) list.push(`and ${count(badImages.length - 50)} more, in summary.json.`);
  return list;
}

function comparisonParts({ record, summary }: Report): string[] {
  const nameOf = classNamer(record.dataset.classes);
  return summary.models.flatMap((model) => {
    const { comparison } = model;
    if (comparison === null) return [];
    const { top1, top5 } = comparison;
    const changed = mostChanged(model, summary, 10);
    return [
      `## ${plain(model.name)} against ${plain(comparison.with)}`,
      plain(comparisonSentence(model, comparison)),
      table(
        [
          left('At'),
          right('Difference'),
          right('95 % interval (Tango)'),
          right('Both right'),
          right('Lost'),
          right('Gained'),
          right('Both wrong'),
          right('Mid-p'),
        ],
        (
          [
            ['Top-1', top1],
            ['Top-5', top5],
          ] as const
        ).map(([name, { difference, table: t, mcnemarMidP }]) => [
          name,
          difference.points === null ? 'n/a' : signed(difference.points),
          signedRange(difference.tango95),
          count(t.a),
          count(t.b),
          count(t.c),
          count(t.d),
          pValue(mcnemarMidP),
        ]),
      ),
      ...(changed.length === 0
        ? []
        : [
            '### Classes that lost most',
            table(
              [
                left('Class'),
                right('Images'),
                right(plain(comparison.with)),
                right(plain(model.name)),
                right('Change'),
              ],
              changed.map((row) => [
                plain(nameOf(row.class)),
                count(row.images),
                count(row.reference),
                count(row.candidate),
                signed(row.candidate - row.reference, 0),
              ]),
            ),
          ]),
    ];
  });
}

function provenanceParts(summary: Summary): string[] {
  const { run, dataset, machine, tool } = summary;
  const facts: [string, string][] = [
    ['Data set', plain(dataset.description)],
    ['Images', count(dataset.images)],
    ['Labels', plain(dataset.labels)],
    ['Images digest', code(dataset.digest)],
    ['Ties go to', run.ties === 'lowest-index' ? 'the lowest class index' : 'the highest class index'],
    ['Tool', plain(`${tool.name} ${tool.version}`)],
    [
      'Config',
      `${run.config.file === null ? 'none' : code(run.config.file)}, SHA-256 ${code(run.config.sha256)}`,
    ],
    ['Started', plain(run.startedAt)],
    [
      'Took',
      `${duration(run.seconds)}, ${run.imagesPerSecond === null ? 'n/a' : run.imagesPerSecond.toFixed(1)} images a second`,
    ],
    ['Workers, batch', `${counted(run.workers, 'worker')}, batches of ${count(run.batch)}`],
    ['Machine', plain(`${machine.host}: ${machine.cpu}, ${counted(machine.cores, 'core')}, ${machine.os}`)],
    ['CPU flags', plain(machine.cpuFlags.join(' ') || 'none')],
    [
      'Versions',
      plain(
        Object.entries(machine.versions)
          .map(([name, version]) => `${name} ${version}`)
          .join(', '),
      ),
    ],
    ['Peak memory', bytes(run.peakMemoryBytes)],
  ];
  return [
    '## How this was measured',
    table([left('What'), left('Value')], facts),
    ...summary.models.map((model) =>
      [
        `### ${plain(model.name)}`,
        '',
        `- ${code(model.file)}, ${bytes(model.bytes)}, SHA-256 ${code(model.sha256)}`,
        `- ${plain(model.facts.scheme)}, ${plain(sizeText(model.facts))}`,
        ...(model.runtime === null ? [] : [`- Run by ${plain(runtimeLine(model.runtime))}`]),
        `- Recipe${model.recipe.name === null ? '' : ` ${code(model.recipe.name)}`}: ${plain(recipeSteps(model.recipe).join('; '))}`,
        `- Recipe digest ${code(model.recipeSha256)}`,
        ...(model.documented === null ? [] : [`- Documented by: ${plain(model.documented.source)}`]),
      ].join('\n'),
    ),
    `To repeat it:\n\n${fence(run.command)}`,
  ];
}

function fence(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const ticks = '`'.repeat(longest + 1);
  return `${ticks}sh\n${text}\n${ticks}`;
}
