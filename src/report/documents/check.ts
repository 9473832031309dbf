import { classNamer } from '../class-name.js';
import type { CheckedModel, CheckRecord, ScoreFacts, SequentialRun, SequentialTestRecord } from '../check.js';
import type { Block, ReportDocument, Section, TableBlock } from '../document/document.js';
import { count, counted, decimalsFor, duration, joined, percent, score, signed } from '../figures.js';
import { answerSection } from '../sections/answer.js';
import { classDriftSentence } from '../sections/lost.js';
import { outcomePanel } from '../sections/paired-outcomes.js';
import { filesSection } from '../sections/files.js';
import { gatesSection } from '../sections/gates.js';
import { badImagesNotice, comparisonSentence, partNotice, subjects } from '../wording.js';
import { dateOf } from './run.js';

/**
 * A check: check.md, what the terminal prints, and, where it stopped early, report.html.
 * @param files beside the page, for its list
 */
export function checkDocument(check: CheckRecord, files: readonly string[] = []): ReportDocument {
  const { config, dataset } = check;
  return {
    title: config.title ?? `${subjects(check.models)}, ${counted(imagesOf(check), 'image')}`,
    lead: `${dataset.description}, ${counted(imagesOf(check), 'image')} · ${dateOf(check.startedAt)}`,
    sections: [
      answerSection(
        check.answer,
        [],
        [...badImagesNotice(dataset.badImages.length, imagesOf(check)), ...partNotice(dataset.subset)],
        dataset.badImages,
      ),
      ...gatesSection(check.gates),
      ...checkSections(check),
      ...(files.length === 0 ? [] : [filesSection(files)]),
    ],
  };
}

/** What a check adds to the report of its run: what it was compared with, where that is not among the run's models. */
export function baselineSections(check: CheckRecord): Section[] {
  return check.baseline === null
    ? []
    : checkSections(check).filter(({ id }) => id === 'baseline' || id.startsWith('against-'));
}

/** All but the answer and the gates. */
function checkSections(check: CheckRecord): Section[] {
  return [
    ...(check.sequential === null ? [] : [sequentialSection(check.sequential)]),
    ...(check.baseline === null ? [] : [baselineSection(check.baseline)]),
    ...check.models.flatMap((model, place) =>
      model.against === null ? [] : [modelSection(model, place, check.sequential)],
    ),
    {
      id: 'measured',
      heading: 'How this was checked',
      nav: 'Measured',
      faces: 'written',
      blocks: [
        {
          kind: 'command',
          said: `Took ${duration(check.seconds)}. The command that repeats it:`,
          command: check.command,
        },
      ],
    },
  ];
}

/** Images that a check took. */
function imagesOf({ sequential, dataset }: CheckRecord): number {
  return sequential?.imagesSeen ?? dataset.images - dataset.badImages.length;
}

function sequentialSection(run: SequentialRun): Section {
  const ended = {
    decided:
      'until it was decided of every model whether it may ship; one that fails a gate is looked at no further',
    limit: 'where its limit ended it: what is open is undecided, never a pass',
    exhausted: 'which are all: the answer is exact',
  }[run.ended];
  return {
    id: 'sequential',
    heading: 'Early stop',
    nav: 'Early stop',
    faces: 'everywhere',
    blocks: [
      {
        kind: 'paragraph',
        text: `${counted(run.imagesSeen, 'image')} of ${count(run.population)} were taken in one random order of the whole list (seed ${run.seed}${run.seedFrom === 'candidates' ? ", which follows from the candidates' files" : ''}), ${ended}.`,
      },
      ...otherLooks(run),
      {
        kind: 'only',
        faces: 'written',
        blocks: [
          {
            kind: 'paragraph',
            text: `The chance of any false fail, and of any false pass, is at most ${run.errorRate} over ${counted(run.tests, 'test')}, which share it. Shares so far are biased away from the limit by the stop itself; the intervals are those of the confidence sequence, for all images.`,
          },
          {
            kind: 'paragraph',
            text: [
              `Order: ${run.method}; list digest `,
              { code: run.listDigest },
              '. The seed is fixed before the run: trying others until a gate passes voids these error rates.',
            ],
          },
        ],
      },
    ],
  };
}

/** What is to be known of earlier looks, which add to the error. */
function otherLooks({ otherLooks: looks, errorRate }: SequentialRun): Section['blocks'] {
  if (looks.length === 0) return [];
  const each = looks.map(
    ({ at, seed, imagesSeen, outcome }) =>
      `${at.slice(0, 16).replace('T', ' ')} with seed ${seed} (${outcome} after ${counted(imagesSeen, 'image')})`,
  );
  return [
    {
      kind: 'notice',
      tone: 'caution',
      title: `These candidates were looked at ${counted(looks.length, 'time')} before with another seed or other gates`,
      text: `Each look adds its error rates: over all of them the chance of a false pass is at most ${Number(((looks.length + 1) * errorRate).toPrecision(3))}. Earlier: ${joined(each)}.`,
    },
  ];
}

function baselineSection({ name, differences }: NonNullable<CheckRecord['baseline']>): Section {
  return {
    id: 'baseline',
    heading: 'The baseline',
    faces: differences.length === 0 ? 'written' : 'everywhere',
    blocks:
      differences.length === 0
        ? [
            {
              kind: 'paragraph',
              text: [
                'Against the baseline ',
                { code: name },
                ', made with the same runtime version and CPU flags.',
              ],
            },
          ]
        : [
            {
              kind: 'notice',
              tone: 'caution',
              title: `The baseline ${name} was made under other conditions`,
              text: 'A difference may come from these and not from the model:',
            },
            { kind: 'list', label: 'Differences', items: differences },
          ],
  };
}

function modelSection(model: CheckedModel, place: number, sequential: SequentialRun | null): Section {
  const { comparison } = model;
  const written: Block[] = [
    ...(model.tests.length === 0 ? [] : [testTable(model.tests, sequential)]),
    ...(comparison === null ? [] : comparisonBlocks(model, comparison)),
    scoreTable(model),
    ...(model.scoreDriftNote === null
      ? []
      : [{ kind: 'paragraph', quiet: true, text: `Score drift: ${model.scoreDriftNote}.` } as const]),
  ];
  return {
    id: `against-${place}`,
    heading: `${model.name} against ${model.against ?? ''}`,
    faces: 'everywhere',
    blocks: [
      {
        kind: 'list',
        label: `Notes on ${model.name}`,
        items: model.notes.map((note) => `${model.name}: ${note}`),
      },
      ...(comparison === null
        ? []
        : [{ kind: 'paragraph', text: comparisonSentence(model, comparison) } as const]),
      { kind: 'only', faces: 'written', blocks: written },
    ],
  };
}

function testTable(tests: readonly SequentialTestRecord[], sequential: SequentialRun | null): TableBlock {
  return {
    kind: 'table',
    label: 'Sequential tests',
    columns: [
      { head: 'Test' },
      { head: 'Sum so far', numeric: true },
      { head: 'Limit over all', numeric: true },
      { head: 'Images', numeric: true },
      { head: 'Ended by' },
      { head: 'Result' },
      { head: 'Sum over all', numeric: true },
    ],
    rows: tests.map(({ gate, outcome, maxImages, interval, confidence }) => [
      [{ code: gate }],
      {
        text: signed(outcome.drop, 0),
        note: `${count(outcome.lost)} against, ${count(outcome.gained)} for`,
      },
      count(maxImages),
      `${count(outcome.imagesSeen)} of ${count(sequential?.population ?? outcome.imagesSeen)}`,
      outcome.decidedBy,
      outcome.verdict,
      {
        text: `${signed(interval.lower, 0)} to ${signed(interval.upper, 0)}`,
        note: percent(100 * confidence, 2),
      },
    ]),
  };
}

function comparisonBlocks(model: CheckedModel, comparison: NonNullable<CheckedModel['comparison']>): Block[] {
  const drift = model.scoreDrift;
  return [
    outcomePanel({ name: model.name, slug: null }, comparison),
    { kind: 'paragraph', text: classDriftSentence(comparison.classDrift, classNamer([])) },
    ...(drift?.meanAbsolute == null
      ? []
      : [
          {
            kind: 'paragraph',
            text: `Top scores changed on ${count(drift.changed)} of ${counted(drift.images, 'image')}: by ${score(drift.meanAbsolute)} on average, by ${score(drift.maxAbsolute ?? 0)} at most; the median went from ${score(drift.reference?.median ?? 0)} to ${score(drift.candidate?.median ?? 0)}.`,
          } as const,
        ]),
  ];
}

function scoreTable({ candidate, reference, images, name, against }: CheckedModel): TableBlock {
  const share = (part: number): string =>
    `${count(part)} (${percent(images === 0 ? null : (100 * part) / images, decimalsFor(images))})`;
  const peak = ({ saturation }: ScoreFacts): string =>
    saturation === null
      ? 'n/a'
      : `${score(saturation.maximum.score)} on ${counted(saturation.maximum.images, 'image')}`;
  const facts: readonly (readonly [string, (facts: ScoreFacts) => string])[] = [
    ['Top-1 right', ({ top1 }) => share(top1)],
    ['Top-5 right', ({ top5 }) => share(top5)],
    ['Tied top scores', ({ tiedTop }) => share(tiedTop)],
    ['Distinct top scores', ({ saturation }) => count(saturation?.distinctTopScores ?? 0)],
    ['Highest score', peak],
  ];
  return {
    kind: 'table',
    label: `Scores of ${name} and ${against ?? 'nothing'}`,
    columns: [
      { head: `On ${counted(images, 'image')}` },
      { head: against ?? 'n/a', numeric: true },
      { head: name, numeric: true },
    ],
    rows: facts.map(([head, of]) => [head, reference === null ? 'n/a' : of(reference), of(candidate)]),
  };
}
