import { plain, table } from '../markdown.js';
import type { ModelSummary } from '../summary-schema.js';
import type { ReportFile, ReportWriter } from '../report.js';

/** `model-card.md`: the accuracy table of a model zoo's card: Model, Format, Resolution, Top 1 Accuracy. */
export const modelCard: ReportWriter = ({ summary }): ReportFile[] => {
  const columns = ['Model', 'Format', 'Resolution', 'Top 1 Accuracy'].map((head) => ({
    head,
    align: 'left' as const,
  }));
  const rows = summary.models.map((model) => [
    plain(model.name),
    formatName(model.facts),
    `${model.facts.tensor.width}x${model.facts.tensor.height}x3`,
    model.top1.percent === null ? 'n/a' : `${model.top1.percent.toFixed(2)} %`,
  ]);
  return [{ path: 'model-card.md', content: [`${table(columns, rows)}\n`] }];
};

/** The card's word for how weights are stored. */
function formatName({ scheme }: ModelSummary['facts']): string {
  const word = /u?int\d+|float\d+/.exec(scheme)?.[0] ?? scheme;
  return word === 'float32' ? 'Float' : plain(word.charAt(0).toUpperCase() + word.slice(1));
}
