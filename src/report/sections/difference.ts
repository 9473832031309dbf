import { differenceChart } from '../charts/difference.js';
import type { ChartBlock } from '../document/document.js';
import { decimalsFor, joined, signed, signedRange } from '../figures.js';
import type { Summary } from '../summary-schema.js';

/** Each compared model's paired difference; nothing where none is compared. */
export function differenceFigure(summary: Summary): ChartBlock | null {
  const compared = summary.models.filter(({ comparison }) => comparison !== null);
  if (compared.length === 0) return null;
  const limited =
    summary.gates?.models.some(({ verdicts }) => verdicts.some(({ gate }) => gate === 'max_top1_drop')) ??
    false;
  const said = compared.map(({ name, comparison }) => {
    const { difference } = comparison!.top1;
    const decimals = decimalsFor(comparison!.images);
    return `${name} ${signed(difference.points ?? 0, decimals)} points (${signedRange(difference.tango95, decimals)})`;
  });
  return {
    kind: 'chart',
    title: 'Difference on the same images, with its 95 % interval',
    caption: `Against ${joined([...new Set(compared.map(({ comparison }) => comparison!.with))])}: ${said.join('; ')}. An interval that does not reach zero is beyond chance.`,
    spec: differenceChart(summary),
    empty: 'No image was counted.',
    extent: { width: 1060, height: 58 + 56 * compared.length },
    narrow: { width: 338, height: 58 + 56 * compared.length },
    legend: [
      { sign: '●', text: 'difference' },
      { sign: '▬', text: '95 % interval of the difference (Tango)' },
      ...(limited ? [{ sign: '❙', text: 'limit of the gate max_top1_drop' }] : []),
    ],
  };
}
