import type { CheckedModel, CheckRecord, ScoreFacts, SequentialRun, SequentialTestRecord } from '../check.js';
import { comparisonSentence } from '../wording.js';
import { count, counted, duration, percent, pValue, score, signed, signedRange } from '../figures.js';
import { code, plain, table, type Column } from '../markdown.js';
import { gatesMarkdown } from './gates-markdown.js';

/** A check as Markdown paragraphs: `check.md`, and what follows the gates in a GitHub step summary. */
export function checkMarkdown(check: CheckRecord): string[] {
  const { config, dataset } = check;
  return [
    `# ${plain(config.title ?? `Regression check on ${dataset.description}`)}`,
    ...gatesMarkdown(check.gates),
    ...checkDetails(check),
  ];
}

/** All but the heading and the gates. */
export function checkDetails(check: CheckRecord): string[] {
  const { dataset } = check;
  return [
    ...(dataset.subset === null
      ? []
      : [`> [!NOTE]\n> A part of the data set: ${plain(dataset.subset)}. Verdicts speak of these images.`]),
    ...(dataset.badImages.length === 0
      ? []
      : [`> [!WARNING]\n> ${counted(dataset.badImages.length, 'image')} could not be used.`]),
    ...(check.sequential === null ? [] : sequentialParts(check.sequential)),
    ...(check.baseline === null ? [] : baselineParts(check.baseline)),
    ...check.models.flatMap((model) => modelParts(model, check.sequential)),
    `Took ${duration(check.seconds)}. To repeat it: ${code(check.command)}`,
  ];
}

const left = (head: string): Column => ({ head, align: 'left' });
const right = (head: string): Column => ({ head, align: 'right' });

function sequentialParts(run: SequentialRun): string[] {
  const ended = {
    decided: 'and every model was settled',
    limit: 'where its limit ended it: what is open is undecided, never a pass',
    exhausted: 'which are all: the answer is exact',
  }[run.ended];
  return [
    '## Early stop',
    `${counted(run.imagesSeen, 'image')} of ${count(run.population)} were taken in one random order of the whole list (seed ${run.seed}), ${ended}. ` +
      `The chance of any false fail, and of any false pass, is at most ${run.errorRate} over ${counted(run.tests, 'test')}, which share it. ` +
      'Shares so far are biased away from the limit by the stop itself; the intervals are those of the confidence sequence, for all images.',
    `Order: ${plain(run.method)}; list digest ${code(run.listDigest)}. The seed is fixed before the run: trying others until a gate passes voids these error rates.`,
  ];
}

function baselineParts({ name, differences }: NonNullable<CheckRecord['baseline']>): string[] {
  if (differences.length === 0)
    return [`Against the baseline ${code(name)}, made with the same runtime version and CPU flags.`];
  return [
    [
      '> [!WARNING]',
      `> **The baseline ${code(name)} was made under other conditions.** A difference may come from these and not from the model:`,
      ...differences.map((text) => `> - ${plain(text)}`),
    ].join('\n'),
  ];
}

function modelParts(model: CheckedModel, sequential: SequentialRun | null): string[] {
  if (model.against === null) return [];
  const { comparison } = model;
  return [
    `## ${plain(model.name)} against ${plain(model.against)}`,
    ...(model.notes.length === 0 ? [] : [model.notes.map((note) => `- ${plain(note)}`).join('\n')]),
    ...(model.tests.length === 0 ? [] : [testTable(model.tests, sequential)]),
    ...(comparison === null ? [] : comparisonParts(model, comparison)),
    scoreTable(model),
    ...(model.scoreDriftNote === null ? [] : [plain(`Score drift: ${model.scoreDriftNote}.`)]),
  ];
}

function testTable(tests: readonly SequentialTestRecord[], sequential: SequentialRun | null): string {
  return table(
    [
      left('Test'),
      right('Sum so far'),
      right('Limit over all'),
      right('Images'),
      left('Ended by'),
      left('Result'),
      right('Sum over all'),
    ],
    tests.map(({ gate, outcome, maxImages, interval, confidence }) => [
      code(gate),
      `${signed(outcome.drop, 0)} (${count(outcome.lost)} against, ${count(outcome.gained)} for)`,
      count(maxImages),
      `${count(outcome.imagesSeen)} of ${count(sequential?.population ?? outcome.imagesSeen)}`,
      outcome.decidedBy,
      outcome.verdict,
      `${count(interval.lower)} to ${count(interval.upper)} (${(100 * confidence).toFixed(2)} %)`,
    ]),
  );
}

function comparisonParts(model: CheckedModel, comparison: NonNullable<CheckedModel['comparison']>): string[] {
  const { top1, top5, classDrift } = comparison;
  const drift = model.scoreDrift;
  const classes =
    classDrift.flagged.length > 0
      ? `Classes that moved (false discovery rate ${classDrift.falseDiscoveryRate}): ${classDrift.flagged.slice(0, 50).join(', ')}${
          classDrift.flagged.length > 50 ? ` and ${classDrift.flagged.length - 50} more` : ''
        }.`
      : `No class is found to have moved (false discovery rate ${classDrift.falseDiscoveryRate}).`;
  return [
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
        right('McNemar mid-p'),
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
        ...[t.a, t.b, t.c, t.d].map(count),
        pValue(mcnemarMidP),
      ]),
    ),
    `${classes} A lone class is told from ${counted(classDrift.leastOneWayFlips, 'loss', 'losses')} on, so that ${
      classDrift.blind
        ? 'with the images of this data set no class can be: an empty list says nothing'
        : 'few images a class (50 in ImageNet) tell little: an empty list is not "no drift"'
    }.`,
    ...(drift?.meanAbsolute == null
      ? []
      : [
          `Top scores changed on ${count(drift.changed)} of ${counted(drift.images, 'image')}: by ${score(drift.meanAbsolute)} on average, by ${score(drift.maxAbsolute ?? 0)} at most; the median went from ${score(drift.reference?.median ?? 0)} to ${score(drift.candidate?.median ?? 0)}.`,
        ]),
  ];
}

function scoreTable({ candidate, reference, images, name, against }: CheckedModel): string {
  const share = (part: number): string =>
    `${count(part)} (${percent(images === 0 ? null : (100 * part) / images, 1)})`;
  const peak = (facts: ScoreFacts): string =>
    facts.saturation === null
      ? 'n/a'
      : `${score(facts.saturation.maximum.score)} on ${counted(facts.saturation.maximum.images, 'image')}`;
  const rows = (facts: ScoreFacts): string[] => [
    share(facts.top1),
    share(facts.top5),
    share(facts.tiedTop),
    count(facts.saturation?.distinctTopScores ?? 0),
    peak(facts),
  ];
  const heads = ['Top-1 right', 'Top-5 right', 'Tied top scores', 'Distinct top scores', 'Highest score'];
  const before = reference === null ? heads.map(() => 'n/a') : rows(reference);
  const after = rows(candidate);
  return table(
    [left(`On ${counted(images, 'image')}`), right(plain(against ?? 'n/a')), right(plain(name))],
    heads.map((head, index) => [head, before[index]!, after[index]!]),
  );
}
