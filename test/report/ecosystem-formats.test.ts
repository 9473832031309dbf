import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { marked, type Tokens } from 'marked';
import { parse as parseCsv } from 'csv-parse/sync';
import { parse as parseYaml } from 'yaml';
import { describe, expect, it } from 'vitest';
import { originalText, safeText } from '../../src/report/csv.js';
import type { RunRecord } from '../../src/record/run-record.js';
import { summarize } from '../../src/report/summary.js';
import { formats, type FormatName } from '../../src/report/write-reports.js';
import { pair, syntheticRun } from './synthetic-run.js';

const record = syntheticRun({ images: 1000, classes: 20 });
const summary = summarize(record);

async function text(name: FormatName, from: RunRecord = record, path?: string): Promise<string> {
  const files = await formats[name]({ record: from, summary: summarize(from), thumbnails: new Map() });
  const file = path === undefined ? files[0] : files.find((candidate) => candidate.path === path);
  return [...file!.content].join('');
}

const tables = (markdown: string): Tokens.Table[] =>
  marked.lexer(markdown).filter((token): token is Tokens.Table => token.type === 'table');

const rows = (csv: string): Record<string, string>[] => parseCsv(csv, { columns: true });

describe('formats that others read', () => {
  it("timm's results have its columns, in percent, and a row a model", async () => {
    const csv = await text('timm');
    expect(csv.split('\n')[0]).toBe(
      'model,top1,top1_err,top5,top5_err,param_count,img_size,crop_pct,interpolation',
    );
    const [float, int8] = rows(csv);
    expect(float).toEqual({
      model: 'hardnet39ds float',
      top1: summary.models[0]!.top1.percent!.toFixed(3),
      top1_err: (100 - summary.models[0]!.top1.percent!).toFixed(3),
      top5: summary.models[0]!.top5.percent!.toFixed(3),
      top5_err: (100 - summary.models[0]!.top5.percent!).toFixed(3),
      param_count: '3.49',
      img_size: '224',
      crop_pct: '0.875',
      interpolation: 'bicubic',
    });
    expect(int8!.model).toBe('hardnet39ds int8');
  });

  it("Hugging Face's model-index is YAML with a result and its metrics a model", async () => {
    const index = parseYaml(await text('model-index', record, 'model-index/hardnet39ds-int8.yaml'));
    expect(index['model-index']).toHaveLength(1);
    const [{ name, results }] = index['model-index'];
    const [result] = results;
    expect(name).toBe('hardnet39ds int8');
    expect(result.task.type).toBe('image-classification');
    expect(result.dataset).toMatchObject({ type: 'imagenet-1k', split: 'validation' });
    expect(result.metrics[0]).toEqual({
      type: 'accuracy',
      name: 'Top 1 Accuracy',
      value: summary.models[1]!.top1.correct / 1000,
    });
  });

  it('the model card is a Markdown table of Model, Format, Resolution and Top 1 Accuracy', async () => {
    const [table] = tables(await text('model-card'));
    expect(table!.header.map((cell) => cell.text)).toEqual([
      'Model',
      'Format',
      'Resolution',
      'Top 1 Accuracy',
    ]);
    expect(table!.rows.map((row) => row.map((cell) => cell.text))).toEqual([
      ['hardnet39ds float', 'Float', '224x224x3', `${summary.models[0]!.top1.percent!.toFixed(2)} %`],
      ['hardnet39ds int8', 'Int8', '224x224x3', `${summary.models[1]!.top1.percent!.toFixed(2)} %`],
    ]);
  });

  it('of a part of a data set say so: timm in two columns, the card in its head, the model-index in its name', async () => {
    const part = syntheticRun({ images: 500, classes: 5, subset: 'the first 500' });
    const [row] = rows(await text('timm', part));
    expect(row).toMatchObject({ images: '500', subset: 'the first 500' });
    const card = await text('model-card', part);
    expect(tables(card)[0]!.header.at(-1)!.text).toBe('Top 1 Accuracy on 500 of 50,000 images');
    expect(card).toContain('Not the accuracy on the whole data set.');
    const index = parseYaml(await text('model-index', part));
    expect(index['model-index'][0].results[0].dataset.name).toBe('ImageNet-1k, 500 of 50,000 images');
  });

  it('JUnit XML is not green where the run ends with 2', async () => {
    const fatal = [{ code: 'image-empty', what: 'the file is empty', where: 'a.JPEG' }];
    const xml = await text('junit', { ...record, run: { ...record.run, fatal } });
    const failures = (text: string): number =>
      Number(new XMLParser({ ignoreAttributes: false }).parse(text).testsuites['@_failures']);
    expect(failures(xml)).toBe(failures(await text('junit')) + 1);
    expect(xml).toContain('a.JPEG: the file is empty [image-empty]');
  });

  it('JUnit XML counts passed, failed and skipped, and survives names that are no XML', async () => {
    const nasty = {
      ...syntheticRun({
        images: 1000,
        classes: 20,
        models: [
          { ...pair[0]!, name: 'a<b>&"\u0000\u001b', documentedTop1: 99 },
          { ...pair[0]!, name: 'without', documentedTop1: null },
        ],
      }),
    };
    const xml = await text('junit', nasty);
    // Its successor is a package of its own; this one still says whether XML is well-formed.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    expect(XMLValidator.validate(xml)).toBe(true);
    const parsed = new XMLParser({ ignoreAttributes: false, isArray: (name) => name === 'testcase' }).parse(
      xml,
    );
    const suite = parsed.testsuites.testsuite;
    expect(suite).toMatchObject({ '@_tests': '2', '@_failures': '1', '@_skipped': '0' });
    expect(suite.testcase[0]['@_classname']).toBe('input');
    expect(suite.testcase[1]['@_classname']).toBe('a<b>&"\ufffd\ufffd');
    expect(suite.testcase[1].failure['@_message']).toContain('Not reproduced');
  });

  it.each([
    [undefined, 2],
    ['the first 500', 1],
  ])(
    'report.md gives Top-1 the decimals of a documented figure only where they are compared: subset %s',
    async (subset, decimals) => {
      const measured = syntheticRun({ images: 500, classes: 5, ...(subset === undefined ? {} : { subset }) });
      const [table] = tables(await text('markdown', measured));
      const top1 = table!.rows.map((row) => row[1]!.text.split(' %')[0]!.split('.')[1]!.length);
      expect(top1).toEqual([decimals, decimals]);
    },
  );

  it('report.md says a verdict once', async () => {
    const verdicts = tables(await text('markdown'))[0]!.rows.map((row) => row.at(-1)!.text);
    expect(verdicts.length).toBe(2);
    for (const verdict of verdicts) {
      const [, label, reason] = /^\**(\w+)\** \((.*)\)$/.exec(verdict)!;
      expect(reason).not.toContain(label);
      expect(reason).not.toMatch(/[()]|\.$/);
    }
  });

  it('report.md is Markdown in which names stay names', async () => {
    const named = syntheticRun({
      images: 200,
      classes: 5,
      models: [{ ...pair[0]!, name: '<b>x</b> | [y](z) `c`' }],
    });
    const [cell] = tables(await text('markdown', named))[0]!.rows[0]!;
    expect(
      cell!.tokens.map((token) => token.type).every((type) => type === 'text' || type === 'escape'),
    ).toBe(true);
    expect(marked.parseInline(cell!.text)).toBe('&lt;b&gt;x&lt;/b&gt; | [y](z) `c`');
  });
});

describe('CSV', () => {
  it.each(['=1+1', '+x', '-x', '@x', '\tx', '\rx', "'quoted", 'plain', 'a,b"c\nd'])(
    '%j comes back as it was',
    (name) => {
      expect(originalText(safeText(name))).toBe(name);
      expect(safeText(name)).not.toMatch(/^[=+\-@\t\r]/);
    },
  );

  it('predictions have one row an image with the documented columns', async () => {
    const csv = rows(await text('predictions', record, 'predictions/hardnet39ds-int8.csv'));
    expect(csv).toHaveLength(1000);
    const model = record.models[1]!;
    csv.forEach((row, at) => {
      expect(row.file).toBe(record.samples[at]!.id);
      expect([row.c1, row.c2, row.c3, row.c4, row.c5].map(Number)).toEqual(model.predictions.at(at)!.classes);
      expect([row.s1, row.s2, row.s3, row.s4, row.s5].map((score) => Math.fround(Number(score)))).toEqual(
        model.predictions.at(at)!.scores,
      );
      expect(Number(row.tie)).toBe(model.predictions.at(at)!.tiedTop);
    });
    expect(csv.filter((row) => row.correct1 === '1')).toHaveLength(summary.models[1]!.top1.correct);
    expect(csv.filter((row) => row.correct5 === '1')).toHaveLength(summary.models[1]!.top5.correct);
  });

  it('does not depend on workers or batch', async () => {
    const other = { ...record, workers: 7, batch: 3, seconds: 1, throughput: [] };
    const path = 'predictions/hardnet39ds-float.csv';
    expect(await text('predictions', other, path)).toBe(await text('predictions', record, path));
  });

  it('classes and flips add up to the summary', async () => {
    const classes = rows(await text('classes'));
    const total = (column: string): number => classes.reduce((sum, row) => sum + Number(row[column]), 0);
    const { flips, agreement } = summary.models[1]!.comparison!;
    expect(total('images')).toBe(1000);
    expect(total('hardnet39ds-float_top1')).toBe(summary.models[0]!.top1.correct);
    expect(total('hardnet39ds-int8_lost')).toBe(flips.lost);
    expect(total('hardnet39ds-int8_gained')).toBe(flips.gained);
    const list = rows(await text('flips'));
    expect(list).toHaveLength(1000 - agreement.images);
    expect(list.filter((row) => row.kind === 'lost')).toHaveLength(flips.lost);
    expect(list.filter((row) => row.kind === 'gained')).toHaveLength(flips.gained);
  });

  it('summary.csv holds the counts of summary.json', async () => {
    const [, int8] = rows(await text('summary-csv'));
    const model = summary.models[1]!;
    expect(Number(int8!.top1_correct)).toBe(model.top1.correct);
    expect(Number(int8!.top1_wilson95_low)).toBe(model.top1.wilson95[0]);
    expect(Number(int8!.compared_points)).toBe(model.comparison!.top1.difference.points);
    expect(int8!.verdict).toBe(model.verdict.outcome);
  });
});
