import type { Block, Section, Tone } from '../document/document.js';
import { count } from '../figures.js';
import type { GateReport } from '../gate-schema.js';
import { gateLabel, gateMeasured, gateTitle } from '../gate-wording.js';

const tones = { pass: 'pass', fail: 'fail', undecided: 'none' } as const satisfies Record<
  keyof typeof gateLabel,
  Tone
>;

/** One row a verdict, and what in the scores explains a failure; nothing where the config has no gates. */
export function gatesSection(report: GateReport | null): Section[] {
  if (report === null) return [];
  return [{ id: 'gates', heading: 'Gates', nav: 'Gates', faces: 'everywhere', blocks: gateBlocks(report) }];
}

function gateBlocks({ models }: GateReport): Block[] {
  return [
    {
      kind: 'table',
      label: 'Gates',
      columns: [
        { head: 'Model' },
        { head: 'Gate' },
        { head: 'Measured' },
        { head: 'Images', numeric: true, wide: true },
        { head: 'Verdict' },
      ],
      rows: models.flatMap(({ model, against, verdicts }) =>
        verdicts.map((verdict) => [
          against === null ? model : { text: model, note: `against ${against}` },
          { text: gateTitle(verdict), detail: verdict.gate },
          { text: gateMeasured(verdict), detail: verdict.rule },
          count(verdict.images),
          { text: gateLabel[verdict.status], badge: tones[verdict.status] },
        ]),
      ),
    },
    ...models.flatMap(({ model, findings }) =>
      findings.map(
        ({ text }) => ({ kind: 'notice', tone: 'caution', title: model, text: sentence(text) }) as const,
      ),
    ),
  ];
}

/** Findings are sentences without their full stop, or with one. */
function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}
