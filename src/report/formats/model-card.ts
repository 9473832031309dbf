import { plain, table } from '../document/markdown-text.js';
import { count } from '../figures.js';
import type { ModelSummary } from '../summary-schema.js';
import type { ReportFile, ReportWriter } from '../report.js';

/**
 * `model-card.md`: the accuracy table of a model zoo's card: Model, Format, Resolution, Top 1 Accuracy. Of a part of
 * a data set its head and a line below say so, since the table is what gets copied.
 */
export const modelCard: ReportWriter = ({ summary }): ReportFile[] => {
  const { images, manifestImages, subset } = summary.dataset;
  const part = `${count(images)}${manifestImages === null ? '' : ` of ${count(manifestImages)}`} images`;
  const accuracy = subset === null ? 'Top 1 Accuracy' : `Top 1 Accuracy on ${part}`;
  const columns = ['Model', 'Format', 'Resolution', accuracy].map((head) => ({
    head,
    align: 'left' as const,
  }));
  const rows = summary.models.map((model) => [
    plain(model.name),
    formatName(model.facts),
    resolution(model.facts),
    model.top1.percent === null ? 'n/a' : `${model.top1.percent.toFixed(2)} %`,
  ]);
  const parts = [
    table(columns, rows),
    ...(subset === null
      ? []
      : [`A part of the data set: ${plain(subset)}. Not the accuracy on the whole data set.`]),
  ];
  return [{ path: 'model-card.md', content: [`${parts.join('\n\n')}\n`] }];
};

function resolution({ tensor }: ModelSummary['facts']): string {
  return tensor === null ? 'n/a' : `${tensor.width}x${tensor.height}x3`;
}

/** The card's word for how weights are stored. */
function formatName({ scheme }: ModelSummary['facts']): string {
  const word = /u?int\d+|float\d+/.exec(scheme)?.[0] ?? scheme;
  return word === 'float32' ? 'Float' : plain(word.charAt(0).toUpperCase() + word.slice(1));
}
