import type { ReportDocument } from '../document/document.js';
import { count, counted, duration } from '../figures.js';
import { gateTitle } from '../gate-wording.js';
import type { PlannedGateRecord, PlanRecord } from '../plan.js';

/** How many images the gates of a config need, and how long that takes. */
export function planDocument(plan: PlanRecord): ReportDocument {
  const { imagesPerSecond, images, power, flips } = plan;
  const time = (needed: number): string =>
    imagesPerSecond === null ? '' : duration(Math.min(needed, images) / imagesPerSecond);
  const amount = (needed: number): string => (Number.isFinite(needed) ? count(needed) : 'no number');
  return {
    title: 'How many images do the gates need?',
    lead: `${counted(images, 'image')} of ${plan.dataset}${plan.population === images ? ', which are all' : plan.population === null ? ', a part of a set of unknown size' : `, a part of ${count(plan.population)}`}`,
    sections: [
      {
        id: 'answer',
        heading: null,
        faces: 'everywhere',
        blocks: [
          { kind: 'answer', tone: 'none', said: planSentence(plan), more: plan.gates.flatMap(noteSentences) },
          {
            kind: 'table',
            label: 'Images that a decision needs',
            columns: [
              { head: 'Gate' },
              { head: 'True figure', numeric: true },
              { head: 'Plain', numeric: true },
              { head: 'Sequential', numeric: true },
            ],
            rows: plan.gates.flatMap(({ model, gate, limit, needs }) =>
              needs.map(({ figure, plain, sequential }, place) => [
                place === 0 ? { text: gateTitle({ gate, limit }), note: model } : '',
                String(figure),
                { text: amount(plain), note: time(plain) },
                sequential === null
                  ? 'not tested'
                  : {
                      text: `${amount(sequential.median)} to ${amount(sequential.enough)}`,
                      note: time(sequential.enough),
                    },
              ]),
            ),
          },
          {
            kind: 'paragraph',
            quiet: true,
            text: `For a decision in ${100 * power} % of the cases if the true figure is as stated and ${flips} % of the images flip besides the drop. Sequential: half of the checks end by the first number, ${100 * power} % by the second. The gates share the error.${
              imagesPerSecond === null
                ? ''
                : ` Times are of this machine, at ${imagesPerSecond.toFixed(1)} images a second with all models.`
            }`,
          },
        ],
      },
    ],
  };
}

/** What to expect, in a sentence: `max_top1_drop needs 4,320 images at no true drop; there are 500.` */
export function planSentence({ gates, images, population }: PlanRecord): string {
  const needs = gates.flatMap(({ gate, needs: all }) => (all.length === 0 ? [] : [{ gate, least: all[0]! }]));
  const [hardest] = [...needs].sort((a, b) => b.least.plain - a.least.plain);
  if (hardest === undefined) return 'No gate is decided by a number of images.';
  const there =
    images === population
      ? `all ${count(images)} are there, so that every sum is exact`
      : `there are ${count(images)}`;
  return `${hardest.gate} needs ${Number.isFinite(hardest.least.plain) ? counted(hardest.least.plain, 'image') : 'more images than there are'} at a figure of ${hardest.least.figure}; ${there}.`;
}

function noteSentences({ model, gate, notes }: PlannedGateRecord): string[] {
  return notes.map((note) => `${model}, ${gate}: ${note}`);
}
