import { costChart } from '../charts/costs.js';
import { depthChart } from '../charts/depth.js';
import { restorationChart } from '../charts/restoration.js';
import { half, whole } from '../charts/theme.js';
import type { DiagnosedModel, DiagnosedQuantizer, RestorationPoint } from '../diagnosis-schema.js';
import type { Block, TableBlock } from '../document/document.js';
import { count, counted, joined, signed, signedRange } from '../figures.js';
import { faultWords } from './quantizers.js';

/** Rows of tables outside the page. */
export const ROWS = 10;

/** The costliest quantizers, with intervals. */
export function costFigure(model: DiagnosedModel): Block {
  return {
    kind: 'chart',
    title: "Share of the scores' error that goes away with one quantizer taken out",
    caption:
      'The same images through the network with only that one in float; lines are 95 % intervals over images, red has a fault. Shares of several do not add up to one.',
    spec: costChart(model),
    empty: 'No quantizer was measured.',
    extent: whole.extent,
    narrow: whole.narrow,
  };
}

/** Quantizers as rows, where nothing can be opened. */
export function quantizerTable(quantizers: readonly DiagnosedQuantizer[]): TableBlock {
  return {
    kind: 'table',
    label: 'Quantizers, the costliest first',
    columns: [
      { head: 'Tensor of the float network' },
      { head: 'Cost', numeric: true },
      { head: '95 % interval', numeric: true, wide: true },
      { head: 'Images', numeric: true, wide: true },
      { head: 'Won back', numeric: true, wide: true },
      { head: 'Fault' },
    ],
    rows: quantizers.map((quantizer) => [
      { text: [{ code: quantizer.tensor }], note: quantizer.kind },
      ...costCells(quantizer),
      quantizer.fault === null
        ? ''
        : { text: faultWords[quantizer.fault.kind], detail: quantizer.fault.sentence },
    ]),
  };
}

/** What to do: the layers to leave in float, and what each step brings. */
export function restoration(model: DiagnosedModel): Block[] {
  const { undisturbed } = model;
  const steps = model.restoration;
  if (steps.length === 0)
    return [{ kind: 'paragraph', text: 'No layer was put back into float before it ended.' }];
  const enough = steps.findIndex(({ interval }) => interval[0] <= 0) + 1;
  const chosen = steps.slice(0, enough === 0 ? steps.length : enough);
  const nodes = chosen.flatMap(({ floatNodes }) => floatNodes);
  return [
    {
      kind: 'paragraph',
      text: restorationSentence(model, chosen),
    },
    {
      kind: 'chart',
      title: 'Layers put back into float, the best first',
      caption: 'Top-1 drop against the float network with the 95 % interval of the paired difference.',
      spec: restorationChart(model),
      empty: '',
      extent: half.extent,
      narrow: half.narrow,
    },
    {
      kind: 'table',
      label: 'Layers put back into float',
      columns: [
        { head: 'Layer' },
        { head: 'Drop, points', numeric: true },
        { head: '95 % interval', numeric: true },
        { head: 'Error left', numeric: true },
      ],
      rows: [
        ['nothing', signed(undisturbed.drop.points, 2), signedRange(undisturbed.drop.interval, 2), '100 %'],
        ...steps.map(({ layer, points, interval, errorLeft }, at) => [
          { text: `${at + 1}. ${layer}` },
          signed(points, 2),
          signedRange(interval, 2),
          `${(100 * errorLeft).toFixed(0)} %`,
        ]),
      ],
    },
    ...(nodes.length === 0
      ? []
      : [
          {
            kind: 'command',
            said: 'To leave these layers in float when quantizing again (onnxruntime.quantization.quantize_static):',
            command: `nodes_to_exclude=${JSON.stringify(nodes)}`,
          } as const,
        ]),
  ];
}

/** What leaving layers in float brings, in a sentence. */
function restorationSentence(
  { undisturbed: { drop }, layers: all, quantizers }: DiagnosedModel,
  chosen: readonly RestorationPoint[],
): string {
  const last = chosen.at(-1)!;
  const [brings, leaves] = chosen.length === 1 ? ['brings', 'leaves'] : ['bring', 'leave'];
  const within =
    drop.interval[0] <= 0 && quantizers.every(({ fault }) => fault === null)
      ? `The drop is within chance on these images (95 % interval ${signedRange(drop.interval, 2)} points), so no layer need stay in float. `
      : '';
  return `${within}${chosen.length} of ${counted(all.length, 'layer')} in float ${brings} the drop from ${signed(drop.points, 2)} to ${signed(last.points, 2)} points (95 % interval ${signedRange(last.interval, 2)}, ${counted(last.images, 'image')}) and ${leaves} ${(100 * last.errorLeft).toFixed(0)} % of the scores' error.`;
}

/** Where the error comes in. */
export function depth(model: DiagnosedModel): Block[] {
  const lowest = model.depth.reduce<DiagnosedModel['depth'][number] | null>(
    (a, b) => (a === null || b.sqnr < a.sqnr ? b : a),
    null,
  );
  return [
    {
      kind: 'chart',
      title: 'Signal to quantization noise along the network',
      caption: `Float tensor to its difference from the int8 network's, in dB: 20 dB is a tenth of the values, 40 dB a hundredth.${lowest === null ? '' : ` Lowest: ${lowest.tensor}, ${lowest.sqnr.toFixed(1)} dB.`}`,
      spec: depthChart(model),
      empty: 'The two networks have no tensors that were found in both.',
      extent: whole.extent,
      narrow: whole.narrow,
    },
    ...(model.unmatched.length === 0
      ? []
      : [
          {
            kind: 'paragraph',
            quiet: true,
            text: `${counted(model.unmatched.length, 'quantized tensor was', 'quantized tensors were')} not found in the float network and ${model.unmatched.length === 1 ? 'is' : 'are'} not compared: ${joined(model.unmatched.slice(0, 6))}${model.unmatched.length > 6 ? ` and ${model.unmatched.length - 6} more` : ''}.`,
          } as const,
        ]),
  ];
}

/** The costliest layers. */
export function layers({ layers: list }: DiagnosedModel): Block[] {
  return [
    {
      kind: 'table',
      label: 'Layers, the costliest first',
      columns: [
        { head: 'Layer' },
        { head: 'Cost', numeric: true },
        { head: '95 % interval', numeric: true },
        { head: 'Images', numeric: true },
        { head: 'Won back', numeric: true },
      ],
      rows: list
        .slice(0, 2 * ROWS)
        .map((layer) => [{ text: [{ code: layer.name }], note: layer.operator }, ...costCells(layer)]),
    },
    {
      kind: 'paragraph',
      quiet: true,
      text: 'A layer is an operator with the quantizers of its input, weights and output, all in float at once.',
    },
  ];
}

/** Cost, its interval, images, and images won back: what a quantizer and a layer are told by. */
function costCells({
  cost,
  costInterval,
  images,
  agreement,
}: Pick<DiagnosedModel['quantizers'][number], 'cost' | 'costInterval' | 'images' | 'agreement'>): string[] {
  return [
    cost === null ? 'n/a' : `${(100 * cost).toFixed(1)} %`,
    costInterval === null
      ? ''
      : `${(100 * costInterval[0]).toFixed(1)} to ${(100 * costInterval[1]).toFixed(1)} %`,
    count(images),
    agreement === null ? '' : signed(agreement.wonBack - agreement.lost, 0),
  ];
}
