import { readFile } from 'node:fs/promises';
import { parquetMetadata } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { modelSummarySchema, summarySchema } from '../../src/report/summary-schema.js';
import { summarize } from '../../src/report/summary.js';
import { formats } from '../../src/report/write-reports.js';
import { syntheticRun } from './synthetic-run.js';

/** Names of the columns of a Parquet file. */
function parquetSchemaNames(bytes: Uint8Array): string[] {
  return parquetMetadata(Uint8Array.from(bytes).buffer)
    .schema.slice(1)
    .map(({ name }) => name);
}

const docs = await readFile(new URL('../../docs/file-formats.md', import.meta.url), 'utf8');

describe('docs/file-formats.md', () => {
  it('names every field of summary.json and of its models', () => {
    for (const field of [...Object.keys(summarySchema.shape), ...Object.keys(modelSummarySchema.shape)])
      expect(docs, field).toContain(`\`${field}\``);
  });

  it('names every column of the predictions', async () => {
    const record = syntheticRun({ images: 5, classes: 5 });
    const report = { record, summary: summarize(record), thumbnails: new Map<string, Uint8Array>() };
    const [csv] = await formats.predictions(report);
    const [parquet] = await formats['predictions-parquet'](report);
    const schema = parquetSchemaNames(parquet!.content as Uint8Array);
    const names = [...[...csv!.content].join('').split('\n')[0]!.split(','), ...schema];
    expect(schema).toContain('invalid');
    for (const column of names.filter((name) => !/^[cs][2-4]$/.test(name)))
      expect(docs, column).toContain(`\`${column}\``);
  });

  it('names every file that a report folder holds', async () => {
    const record = syntheticRun({ images: 50, classes: 5 });
    const thumbnails = new Map([[record.samples[0]!.id, Uint8Array.of(255, 216)]]);
    for (const write of Object.values(formats))
      for (const { path } of await write({ record, summary: summarize(record), thumbnails }))
        expect(docs, path).toContain(
          `\`${path.replace(/^(predictions|model-index)\/.*(?=\.)/, '$1/<model>')}\``,
        );
  });
});
