import type { LayeredSpec } from './draw.js';
import type { ClassIndex } from '../../domain/domain.js';
import { counted } from '../figures.js';
import type { ComparisonSummary, ModelSummary } from '../summary-schema.js';
import { ink, surface } from './theme.js';

/** Classes along one side. */
const CLASSES = 10;

/**
 * The classes that a model and the one it is compared with most often put in each other's place: rows are the other
 * model's class, columns this one's. Null if they never disagree.
 */
export function flipsMatrix(
  model: ModelSummary,
  comparison: ComparisonSummary,
  colour: string,
  nameOf: (index: ClassIndex) => string,
): LayeredSpec | null {
  const sides = new Set<ClassIndex>();
  for (const pair of comparison.mostDisagreed) {
    const wanted = [pair.reference, pair.candidate].filter((side) => !sides.has(side));
    if (sides.size + wanted.length > CLASSES) continue;
    for (const side of wanted) sides.add(side);
  }
  const order = [...sides].sort((a, b) => a - b);
  const rows = comparison.mostDisagreed
    .filter((pair) => sides.has(pair.reference) && sides.has(pair.candidate))
    .map((pair) => ({
      reference: nameOf(pair.reference),
      candidate: nameOf(pair.candidate),
      images: pair.images,
      tip: `${nameOf(pair.reference)} → ${nameOf(pair.candidate)}: ${counted(pair.images, 'image')}, ${pair.lost} lost, ${pair.gained} gained`,
    }));
  if (rows.length === 0) return null;
  const most = Math.max(...rows.map((row) => row.images));
  const names = order.map((side) => nameOf(side));
  const scale = { domain: names, paddingInner: 0.06 } as const;
  const encoding = {
    x: {
      field: 'candidate',
      type: 'nominal',
      scale,
      axis: {
        title: `${model.name} →`,
        titleLimit: 200,
        labelAngle: -40,
        labelLimit: 96,
        domain: false,
        ticks: false,
      },
    },
    y: {
      field: 'reference',
      type: 'nominal',
      scale,
      axis: { title: `${comparison.with} ↓`, titleLimit: 200, labelLimit: 110 },
    },
  } as const;
  return {
    data: { values: rows },
    layer: [
      {
        data: { values: names.map((name) => ({ reference: name, candidate: name })) },
        mark: { type: 'rect', color: 'var(--line)', opacity: 0.35, cornerRadius: 3 },
        encoding,
      },
      {
        mark: { type: 'rect', color: colour, cornerRadius: 3 },
        encoding: {
          ...encoding,
          opacity: {
            field: 'images',
            type: 'quantitative',
            scale: { domain: [0, most], range: [0.12, 0.95] },
            legend: null,
          },
          description: { field: 'tip', type: 'nominal' },
        },
      },
      {
        mark: { type: 'text', fontSize: 12 },
        encoding: {
          ...encoding,
          text: { field: 'images' },
          color: { condition: { test: `datum.images > ${0.55 * most}`, value: surface }, value: ink },
        },
      },
    ],
  };
}
