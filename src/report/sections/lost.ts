import { addressOf } from '../../page/filter.js';
import type { ClassNamer } from '../class-name.js';
import type { PanelBlock } from '../document/document.js';
import { count, joined, percent, score, signed } from '../figures.js';
import { flips, type FlipSide } from '../flips.js';
import { severest } from '../gallery-choice.js';
import { mostChanged } from '../most-changed.js';
import type { Report } from '../report.js';
import type { ComparisonSummary, ModelSummary } from '../summary-schema.js';

/** Rows of a list that shows where to look. */
export const LISTED = 10;

/** The classes that lost most images, in red where that is beyond chance. */
export function lostClasses(
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
export function lostImages({ record }: Report, model: ModelSummary, nameOf: ClassNamer): PanelBlock {
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
                {
                  head: shown.some(({ candidate }) => candidate.confidence !== null) ? 'How sure' : 'Score',
                  numeric: true,
                },
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
