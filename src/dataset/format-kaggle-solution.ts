import { DatasetError, messageOf } from '../domain/errors.js';
import type { LabelFormat } from './labelling.js';

/**
 * Kaggle's `LOC_val_solution.csv`: `ImageId,PredictionString`. Ids have no ending; the string holds, for each box, a WNID and four
 * coordinates. All boxes of an image must name one WNID; an image with two is stated twice and so comes out as a contradiction.
 */
export const kaggleSolution: LabelFormat = {
  title: 'Kaggle solution',
  matches: (lines) => /^"?ImageId"?,"?PredictionString"?$/i.test(lines[0] ?? ''),
  read: async (lines, { where }) => {
    const { parse } = await import('csv-parse/sync');
    let rows: string[][];
    try {
      rows = parse(lines.join('\n'), { skip_empty_lines: true, relax_column_count: true });
    } catch (cause) {
      throw new DatasetError({ code: 'invalid-csv', what: messageOf(cause), where, remedy: null, cause });
    }
    return rows.slice(1).flatMap(([name = '', prediction = ''], index) => {
      const fields = prediction.trim().split(/\s+/);
      const wnids = new Set(fields.filter((_, field) => field % 5 === 0));
      return [...wnids].map((target) => ({ name, target, line: index + 2 }));
    });
  },
};
