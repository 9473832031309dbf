import type { Prediction, Predictions } from '../domain/domain.js';
import { PredictionList } from '../domain/prediction-list.js';
import { RANKED } from '../metrics/top-k.js';
import type { Column, Table } from './parquet.js';

const ranks = Array.from({ length: RANKED }, (_, rank) => rank);

/** How much of a prediction is kept. */
export interface Detail {
  /** In front of each column's name, e.g. `int8_`. */
  readonly prefix?: string;
  /** All five scores and ln of the sum of exp, or the top score alone. */
  readonly scores: 'all' | 'top';
}

/**
 * Predictions as columns, called as predictions/<model>.csv calls them: `c1` to `c5`, `s1` to `s5`, `tie`,
 * `label_above`, `label_tied`, `invalid` and `log_sum_exp`. Scores are exact: float32 where all of them are, else
 * float64.
 */
export function predictionColumns(predictions: Predictions, { prefix = '', scores }: Detail): Column[] {
  const int = (name: string, of: (prediction: Prediction) => number): Column => ({
    name: prefix + name,
    type: 'INT32',
    values: predictions.map(of),
  });
  const scored = scores === 'all' ? ranks : ranks.slice(0, 1);
  return [
    ...ranks.map((rank): Column => ({
      name: `${prefix}c${rank + 1}`,
      type: 'INT32',
      nullable: true,
      values: predictions.map(({ classes }) => classes[rank] ?? null),
    })),
    ...scored.map((rank): Column => {
      const values = predictions.map((prediction) => prediction.scores[rank] ?? null);
      const single = values.every((value) => value === null || Object.is(Math.fround(value), value));
      return { name: `${prefix}s${rank + 1}`, type: single ? 'FLOAT' : 'DOUBLE', nullable: true, values };
    }),
    int('tie', ({ tiedTop }) => tiedTop),
    int('label_above', ({ labelAbove }) => labelAbove),
    int('label_tied', ({ labelTied }) => labelTied),
    { name: `${prefix}invalid`, type: 'BOOLEAN', values: predictions.map(({ invalid }) => invalid) },
    ...(scores === 'all'
      ? [
          {
            name: `${prefix}log_sum_exp`,
            type: 'DOUBLE',
            values: predictions.map(({ logSumExp }) => logSumExp),
          } as const,
        ]
      : []),
  ];
}

/**
 * What `predictionColumns` was given; of scores that were not kept there are none, and logSumExp is NaN.
 * @throws an Error where a column is missing or holds something else
 */
export function readPredictions(table: Table, prefix = ''): Predictions {
  return new PredictionList(table.rows, predictionReader(table, prefix));
}

/**
 * Reads a table's predictions row by row, as `readPredictions` does for the whole of it.
 * @throws an Error where a column is missing or holds something else
 */
export function predictionReader(table: Table, prefix = ''): (row: number) => Prediction {
  const classes = ranks.map((rank) => numbers(table, `${prefix}c${rank + 1}`));
  const scores = ranks.flatMap((rank) =>
    table.column(`${prefix}s${rank + 1}`) === undefined ? [] : [numbers(table, `${prefix}s${rank + 1}`)],
  );
  const [tie, above, tied] = ['tie', 'label_above', 'label_tied'].map((name) =>
    numbers(table, prefix + name),
  );
  const invalid = column(table, `${prefix}invalid`);
  const logSum = table.column(`${prefix}log_sum_exp`);
  return (row) => ({
    classes: present(classes, row),
    scores: present(scores, row),
    labelAbove: above!(row)!,
    labelTied: tied!(row)!,
    tiedTop: tie!(row)!,
    logSumExp: logSum === undefined ? NaN : Number(logSum[row]),
    invalid: invalid[row] === true,
  });
}

function present(columns: readonly ((row: number) => number | null)[], row: number): number[] {
  const values: number[] = [];
  for (const value of columns) {
    const found = value(row);
    if (found !== null) values.push(found);
  }
  return values;
}

/** @throws an Error where there is no such column, or it is shorter than the table */
export function column(table: Table, name: string): ArrayLike<unknown> {
  const found = table.column(name) ?? (table.rows === 0 ? [] : undefined);
  if (found?.length !== table.rows) throw new Error(`has no column ${name} of ${table.rows} values`);
  return found;
}

function numbers(table: Table, name: string): (row: number) => number | null {
  const values = column(table, name);
  const isNumber = (value: unknown): value is number | null | undefined =>
    value === null || value === undefined || typeof value === 'number';
  const read = (row: number): number | null => {
    const value = values[row];
    if (!isNumber(value)) throw new Error(`has something else than numbers in the column ${name}`);
    return value ?? null;
  };
  for (let row = 0; row < table.rows; row++) read(row);
  return read;
}
