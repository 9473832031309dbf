import { csv, safeText } from '../csv.js';
import type { ModelSummary } from '../summary-schema.js';
import type { ReportFile, ReportWriter } from '../report.js';

const header = [
  'model',
  'top1',
  'top1_err',
  'top5',
  'top5_err',
  'param_count',
  'img_size',
  'crop_pct',
  'interpolation',
];

/**
 * `results-timm.csv`: one row a model, as timm's `results/*.csv` have them: percent to three decimals, parameters in
 * millions. Of a part of a data set it has two columns more, `images` and `subset`, so that rows say so wherever they
 * are put together.
 */
export const timmCsv: ReportWriter = ({ summary }): ReportFile[] => {
  const { images, subset } = summary.dataset;
  const part = subset === null ? [] : [images, safeText(subset)];
  const rows = summary.models.flatMap((model) => {
    const { percent: top1 } = model.top1;
    const { percent: top5 } = model.top5;
    if (top1 === null || top5 === null) return [];
    return [
      [
        safeText(model.name),
        top1.toFixed(3),
        (100 - top1).toFixed(3),
        top5.toFixed(3),
        (100 - top5).toFixed(3),
        model.facts.parameters === null ? '' : (model.facts.parameters / 1e6).toFixed(2),
        model.facts.tensor?.width ?? '',
        model.recipe === null ? '' : cropShare(model.recipe, model.facts.tensor?.width ?? 0),
        model.recipe === null ? '' : interpolation(model.recipe),
        ...part,
      ],
    ];
  });
  return [
    {
      path: 'results-timm.csv',
      content: csv(subset === null ? header : [...header, 'images', 'subset'], rows),
    },
  ];
};

type Recipe = NonNullable<ModelSummary['recipe']>;

/** timm's crop_pct: the crop's side as a share of the side it is cut from; 1 where nothing is cut. */
function cropShare({ resize, crop, centralFraction }: Recipe, side: number): string {
  if (centralFraction !== null) return centralFraction.toFixed(3);
  const from = resize.kind === 'short-side' ? resize.size : resize.kind === 'none' ? null : resize.width;
  return from === null ? '1.000' : ((crop?.width ?? side) / from).toFixed(3);
}

/** The kernel's name without the library that the filter's name begins with. */
function interpolation({ filter }: Recipe): string {
  return filter === null ? '' : filter.replace(/^[a-z]+-/, '');
}
