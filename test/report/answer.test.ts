import { describe, expect, it } from 'vitest';
import { XMLParser } from 'fast-xml-parser';
import { answerOf } from '../../src/report/answer.js';
import { renderMarkdown } from '../../src/report/document/markdown.js';
import { renderTerminal } from '../../src/report/document/terminal.js';
import { runDocument } from '../../src/report/documents/run.js';
import type { GateReport } from '../../src/report/gate-schema.js';
import { gateMeasured, gateTitle } from '../../src/report/gate-wording.js';
import type { RunRecord } from '../../src/record/run-record.js';
import { summarize } from '../../src/report/summary.js';
import type { Summary } from '../../src/report/summary-schema.js';
import { formats } from '../../src/report/write-reports.js';
import { pair, syntheticRun, type SyntheticOptions } from './synthetic-run.js';

const [float, int8] = [pair[0]!, pair[1]!];
const plain = { ...float, name: 'float', documentedTop1: null };
const compared = { ...int8, name: 'int8', documentedTop1: null, compareWith: 'float' };

function gates(status: 'pass' | 'fail' | 'undecided', measured: number): GateReport {
  const verdict = {
    gate: 'max_top1_drop',
    status,
    unit: 'points',
    limit: 1,
    measured,
    interval: null,
    basis: 'exact',
    images: 1000,
    population: 1000,
    pWithin: null,
    imagesToDecide: null,
    rule: 'at most 1 point',
  } as const;
  return {
    undecidedIs: 'fail',
    models: [
      { model: 'float', against: null, verdicts: [], findings: [] },
      {
        model: 'int8',
        against: 'float',
        verdicts: [verdict, { ...verdict, gate: 'max_ties', status: 'pass' }],
        findings: [],
      },
    ],
  };
}

interface Concluded {
  readonly record: RunRecord;
  readonly summary: Summary;
}

function run(
  more: { readonly fatal?: RunRecord['run']['fatal']; readonly gates?: GateReport } = {},
  models: SyntheticOptions['models'] = [plain, compared],
): Concluded {
  const made = syntheticRun({ images: 1000, classes: 20, models });
  const record = { ...made, run: { ...made.run, fatal: more.fatal ?? [] } };
  const { gates: judged } = more;
  return { record, summary: summarize(record, judged && (() => judged)) };
}

const fatal = [{ code: 'image-empty', what: 'the file is empty', where: 'a.JPEG' }];

describe('The answer', () => {
  it.each([
    [
      'bad input, whatever else is asked',
      run({ fatal, gates: gates('fail', 60.6) }),
      'bad-input',
      2,
      /^BAD INPUT: a\.JPEG: the file is empty; the figures rest on 1,000 images\./,
    ],
    [
      'gates that fail',
      run({ gates: gates('fail', 60.6) }),
      'gates',
      1,
      /^FAIL: int8 must not ship: it loses 60\.6 points against float \(limit 1\); 1 of 2 gates fails\.$/,
    ],
    [
      'gates that are open',
      run({ gates: gates('undecided', 0.9) }),
      'gates',
      1,
      /^UNDECIDED: whether int8 may ship: .*1 of 2 gates is open, which is not a pass\.$/,
    ],
    [
      'gates that pass',
      run({ gates: gates('pass', 0.4) }),
      'gates',
      0,
      /^PASS: int8 may ship: it loses 0\.4 points against float \(limit 1\); all 2 gates pass\.$/,
    ],
    [
      'documented figures before a comparison',
      run({}, [float, { ...int8, documentedTop1: 99 }]),
      'documented',
      1,
      /^FAIL: hardnet39ds int8 stays below its documented Top-1: .*documented 99\.00 %/,
    ],
    [
      'a comparison before plain figures',
      run(),
      'comparison',
      0,
      /^int8 is \d+\.\d points less accurate than float on the same 1,000 images/,
    ],
    ['plain figures', run({}, [plain]), 'figures', 0, /^float has \d\d\.\d % Top-1/],
  ] as const)('is %s', (_, { summary }, kind, exit, said) => {
    expect(answerOf(summary)).toMatchObject({ kind, exit });
    expect(answerOf(summary).said).toMatch(said);
  });

  it('names a fault without the lines that it quotes, which follow whole', () => {
    const what = 'the adapter ended with exit code 1; its last lines:\n    out of memory';
    const quoting = { code: 'adapter-died', what, where: 'int8' };
    const { said, more } = answerOf(run({ fatal: [quoting, ...fatal] }).summary);
    expect(said).toBe(
      'BAD INPUT: int8: the adapter ended with exit code 1 and 1 more fault; the figures rest on 1,000 images.',
    );
    expect(more[0]).toBe(what);
  });

  it('says of an open gate how far its interval reaches, and of a model that fails only that it fails', () => {
    const open = gates('undecided', 0.9);
    const [verdict] = open.models[1]!.verdicts;
    const reaching = { ...verdict!, interval: { lower: -0.2, upper: 2 } };
    const asked = (verdicts: readonly (typeof reaching)[]): GateReport => ({
      ...open,
      models: [open.models[0]!, { ...open.models[1]!, verdicts }],
    });
    expect(answerOf(run({ gates: asked([reaching]) }).summary).said).toBe(
      'UNDECIDED: whether int8 may ship: it loses 0.9 points against float (limit 1; interval \u22120.2 to 2.0); 1 of 1 gate is open, which is not a pass.',
    );
    const failed = answerOf(
      run({ gates: asked([reaching, { ...reaching, gate: 'max_ties', status: 'fail', measured: 5 }]) })
        .summary,
    );
    expect(failed.said).toMatch(/; 1 of 2 gates fails, 1 is undecided\.$/);
    expect(failed.more).toEqual([]);
  });

  it('writes a loss of nothing without a sign, and one point in the singular', () => {
    const [, { verdicts }] = gates('pass', -0.00000001).models as [unknown, GateReport['models'][number]];
    expect(gateMeasured(verdicts[0]!)).toBe('0.0 points');
    expect(gateTitle(verdicts[0]!)).toBe('Top-1 drop at most 1 point');
  });

  it('calls a figure far above the documented one no reproduction', () => {
    const found = answerOf(run({}, [{ ...float, documentedTop1: 20 }]).summary);
    expect(found.said).toMatch(/^ABOVE: .*far above its documented Top-1.*leaked or other labels\?/);
    expect(found.exit).toBe(0);
  });

  it('is of documented figures where gates pass and a figure is missed, as the exit code is', () => {
    const { summary } = run({ gates: gates('pass', 0.4) }, [float, { ...int8, documentedTop1: 99 }]);
    const { kind, exit, more } = answerOf(summary);
    expect({ kind, exit }).toEqual({ kind: 'documented', exit: 1 });
    expect(more.join(' ')).toContain('PASS: int8 may ship');
  });

  it.each([
    ['bad input', run({ fatal })],
    ['a broken gate', run({ gates: gates('fail', 60.6) })],
    ['a comparison', run()],
  ])('is said by terminal, Markdown, HTML and JUnit alike: %s', async (_, { record, summary }) => {
    const report = { record, summary, thumbnails: new Map<string, Uint8Array>() };
    const { said, exit } = answerOf(summary);
    const page = [...(await formats.html(report))[0]!.content].join('');
    const xml = [...(await formats.junit(report))[0]!.content].join('');
    const text = (marked: string): string =>
      marked.replace(/\\|\u00a0/g, (found) => (found === '\\' ? '' : ' '));
    expect(renderTerminal(runDocument(report)).trimEnd().endsWith(said)).toBe(true);
    expect(text(renderMarkdown(runDocument(report)))).toContain(said);
    expect(text(page)).toContain(said);
    const suite = new XMLParser({ ignoreAttributes: false }).parse(xml).testsuites;
    expect(suite.testsuite['system-out']).toContain(said);
    expect(Number(suite['@_failures']) > 0).toBe(exit !== 0);
  });

  it('does not speak of what was not asked', () => {
    const { record, summary } = run();
    const report = { record, summary, thumbnails: new Map<string, Uint8Array>() };
    expect(renderTerminal(runDocument(report))).not.toMatch(/documented|gate|verdict/i);
    expect(renderMarkdown(runDocument(report)).split('How this was measured')[0]).not.toMatch(
      /documented|gate|verdict/i,
    );
  });
});
