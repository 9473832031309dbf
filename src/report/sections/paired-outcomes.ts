import { addressOf, type Kind } from '../../page/filter.js';
import type { Cell, PanelBlock } from '../document/document.js';
import { count, decimalsFor, percent, pValue, signed, signedRange } from '../figures.js';
import type { ComparisonSummary } from '../summary-schema.js';

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
