import { classScatter } from '../charts/class-scatter.js';
import { classNamer, type ClassNamer } from '../class-name.js';
import { addressOf, type Kind } from '../../page/filter.js';
import type { Block, Cell, PanelBlock, Section } from '../document/document.js';
import {
  count,
  counted,
  decimalsFor,
  joined,
  percent,
  pValue,
  score,
  signed,
  signedRange,
} from '../figures.js';
import { flips, type FlipSide } from '../flips.js';
import { severest } from '../gallery-choice.js';
import { mostChanged } from '../most-changed.js';
import type { Report } from '../report.js';
import type { ComparisonSummary, ModelSummary } from '../summary-schema.js';
import { comparisonSentence } from '../wording.js';

/** Rows of a list that shows where to look. */
const LISTED = 10;
/** Images a class from which on its share is worth a point in a drawing. */
const ENOUGH = 10;

/** Every compared model against its reference, a section each. */
export function comparisonSections(report: Report): Section[] {
  return report.summary.models.flatMap((model) =>
    model.comparison === null
      ? []
      : [
          {
            id: `pair-${model.slug}`,
            heading: `${model.name} against ${model.comparison.with}`,
            nav:
              report.summary.models.length > 2
                ? `${model.name} against ${model.comparison.with}`
                : 'Comparison',
            faces: 'everywhere' as const,
            blocks: comparisonBlocks(report, model, model.comparison),
          },
        ],
  );
}

function comparisonBlocks(report: Report, model: ModelSummary, comparison: ComparisonSummary): Block[] {
  const { summary, record } = report;
  const nameOf = classNamer(record.dataset.classes);
  const classes = model.perClass.images.filter((images) => images > 0);
  const few = comparison.images < ENOUGH * classes.length;
  return [
    { kind: 'paragraph', text: comparisonSentence(model, comparison) },
    {
      kind: 'only',
      faces: 'written',
      blocks: [
        {
          kind: 'row',
          blocks: [
            outcomePanel(model, comparison),
            few ? lostImages(report, model, nameOf) : lostClasses(report, model, comparison, nameOf),
          ],
        },
        {
          kind: 'row',
          blocks: [
            ...(few
              ? []
              : [
                  {
                    kind: 'chart',
                    title: 'Accuracy class by class',
                    caption: `Each point is a class, or several with the same figures; below the diagonal ${model.name} has fewer images right, in red where that is beyond chance. ${counted(classes.length, 'class', 'classes')} with images.`,
                    spec: classScatter(model, summary, nameOf),
                    empty: 'No class has images.',
                    extent: { width: 500, height: 470 },
                    narrow: { width: 338, height: 330 },
                  } as const,
                ]),
            disagreements(model, comparison, nameOf),
          ],
        },
      ],
    },
  ];
}

/** The paired table with its intervals and tests, Top-1 beside Top-5. */
export function outcomePanel(
  { name, slug }: { readonly name: string; readonly slug: string | null },
  { top1, top5, agreement, images, with: reference }: ComparisonSummary,
): PanelBlock {
  const decimals = decimalsFor(images);
  const row = (
    head: string,
    note: string,
    of: (figure: ComparisonSummary['top1']) => string,
    filter?: Kind,
  ): Cell[] => [
    note === '' ? head : { text: head, note },
    {
      text:
        filter === undefined || slug === null
          ? of(top1)
          : [{ text: of(top1), door: addressOf({ model: slug, kind: filter }) }],
    },
    of(top5),
  ];
  return {
    kind: 'panel',
    heading: 'The same images, one by one',
    blocks: [
      {
        kind: 'table',
        label: `The same images, one by one: ${name}`,
        columns: [{ head: '' }, { head: 'Top-1', numeric: true }, { head: 'Top-5', numeric: true }],
        rows: [
          row('Difference', 'points', ({ difference }) =>
            difference.points === null ? 'n/a' : signed(difference.points, decimals),
          ),
          row('95 % interval', 'Tango, points', ({ difference }) =>
            signedRange(difference.tango95, Math.min(2, decimals)),
          ),
          row('Lost', `only ${reference} right`, ({ table }) => count(table.b), 'lost'),
          row('Gained', `only ${name} right`, ({ table }) => count(table.c), 'gained'),
          row('Both right', '', ({ table }) => count(table.a)),
          row('Both wrong', '', ({ table }) => count(table.d), 'both-wrong'),
          row('McNemar mid-p', '', ({ mcnemarMidP }) => pValue(mcnemarMidP)),
          [
            'Same class',
            { text: percent(agreement.percent, Math.min(2, decimals)), note: count(agreement.images) },
            '',
          ],
        ],
      },
    ],
  };
}

function lostClasses(
  { summary }: Report,
  model: ModelSummary,
  { with: reference, classDrift }: ComparisonSummary,
  nameOf: ClassNamer,
): PanelBlock {
  const changed = mostChanged(model, summary, LISTED);
  const flagged = new Set(classDrift.flagged);
  return {
    kind: 'panel',
    heading: 'Classes that lost most',
    blocks: [
      changed.length === 0
        ? { kind: 'paragraph', quiet: true, text: 'No class has fewer images right.' }
        : {
            kind: 'table',
            label: `Classes that lost most: ${model.name}`,
            columns: [
              { head: 'Class' },
              { head: 'Images', numeric: true },
              { head: reference, numeric: true },
              { head: model.name, numeric: true },
              { head: 'Change', numeric: true },
            ],
            rows: changed.map(({ class: index, images, reference: before, candidate }) => [
              [
                {
                  text: nameOf(index),
                  door: addressOf({ classes: [index], model: model.slug, kind: 'differ' }),
                },
              ],
              count(images),
              count(before),
              count(candidate),
              {
                text: signed(candidate - before, 0),
                ...(flagged.has(index) ? { tone: 'down' as const } : {}),
              },
            ]),
          },
      { kind: 'paragraph', quiet: true, text: classDriftSentence(classDrift, nameOf) },
    ],
  };
}

/** What the tests of each class find, and what they could have found. */
export function classDriftSentence(
  { flagged, blind, leastOneWayFlips, falseDiscoveryRate }: ComparisonSummary['classDrift'],
  nameOf: ClassNamer,
): string {
  const shown = 12;
  if (flagged.length > 0)
    return `Beyond chance (McNemar in each class, false discovery rate ${falseDiscoveryRate}): ${joined(flagged.slice(0, shown).map(nameOf))}${
      flagged.length > shown ? ` and ${flagged.length - shown} more` : ''
    }.`;
  return blind
    ? `No class has the ${leastOneWayFlips} images it would take to find a change in it alone: an empty list says nothing.`
    : `No class changes beyond chance (McNemar in each class, false discovery rate ${falseDiscoveryRate}); a lone class is found from ${leastOneWayFlips} one-sided flips on, so that an empty list is not "no drift".`;
}

/** With few images a class, single images say more than shares: the losses of which both models are most sure. */
function lostImages({ record }: Report, model: ModelSummary, nameOf: ClassNamer): PanelBlock {
  const measured = record.models.find(({ name }) => name === model.name)!;
  const lost = severest([...flips(measured, record)].filter(({ kind }) => kind === 'lost'));
  const shown = lost.slice(0, LISTED);
  return {
    kind: 'panel',
    heading: 'Images lost',
    blocks:
      lost.length === 0
        ? [
            {
              kind: 'paragraph',
              quiet: true,
              text: `${model.name} has every image right that ${model.compareWith ?? 'the other'} has.`,
            },
          ]
        : [
            {
              kind: 'table',
              label: `Images lost: ${model.name}`,
              columns: [
                { head: 'Image', breaks: true },
                { head: 'Label' },
                { head: `${model.name} says` },
                { head: 'How sure', numeric: true },
              ],
              rows: shown.map(({ image, at, label, candidate }) => [
                [{ text: image, door: addressOf({ model: model.slug, kind: 'lost', image: at }) }],
                nameOf(label),
                candidate.class === null ? 'no answer (NaN)' : nameOf(candidate.class),
                sureness(candidate),
              ]),
            },
            ...(lost.length > shown.length
              ? [
                  {
                    kind: 'paragraph',
                    quiet: true,
                    text: [
                      'The surest first; ',
                      {
                        text: `all ${count(lost.length)}`,
                        door: addressOf({ model: model.slug, kind: 'lost' }),
                      },
                      ' are in flips.csv.',
                    ],
                  } as const,
                ]
              : []),
          ],
  };
}

function sureness({ confidence, score: value }: FlipSide): string {
  if (confidence !== null) return percent(100 * confidence, 0);
  return value === null ? '' : score(value);
}

/** The pairs of classes that the two most often put in each other's place. */
function disagreements(model: ModelSummary, comparison: ComparisonSummary, nameOf: ClassNamer): PanelBlock {
  const differ = comparison.images - comparison.agreement.images;
  const shown = comparison.mostDisagreed.slice(0, LISTED);
  return {
    kind: 'panel',
    heading: 'Where the two answer differently',
    blocks:
      differ === 0
        ? [{ kind: 'paragraph', quiet: true, text: 'Both models give the same class to every image.' }]
        : [
            {
              kind: 'paragraph',
              quiet: true,
              text: [
                'On ',
                {
                  text: `${count(differ)} of ${counted(comparison.images, 'image')}`,
                  door: addressOf({ model: model.slug, kind: 'differ' }),
                },
                `; the pairs of classes most often:`,
              ],
            },
            {
              kind: 'table',
              label: `Pairs of classes most often exchanged: ${model.name}`,
              columns: [
                { head: `${comparison.with} says` },
                { head: `${model.name} says` },
                { head: 'Images', numeric: true },
                { head: 'Lost', numeric: true },
                { head: 'Gained', numeric: true },
              ],
              rows: shown.map(({ reference, candidate, images, lost, gained }) => [
                nameOf(reference),
                nameOf(candidate),
                {
                  text: [
                    {
                      text: count(images),
                      door: addressOf({ model: model.slug, from: reference, to: candidate }),
                    },
                  ],
                },
                count(lost),
                count(gained),
              ]),
            },
          ],
  };
}
