import { addressOf } from '../../page/filter.js';
import { classScatter } from '../charts/class-scatter.js';
import { classNamer, type ClassNamer } from '../class-name.js';
import type { Block, PanelBlock, Section } from '../document/document.js';
import { count, counted } from '../figures.js';
import type { Report } from '../report.js';
import type { ComparisonSummary, ModelSummary } from '../summary-schema.js';
import { comparisonSentence } from '../wording.js';
import { LISTED, lostClasses, lostImages } from './lost.js';
import { outcomePanel } from './paired-outcomes.js';

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
