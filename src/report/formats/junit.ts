import { answerOf, type Answer } from '../answer.js';
import { wordsOf } from '../document/document.js';
import { counted, modelDecimals, percent } from '../figures.js';
import type { GateReport, ModelGates } from '../gate-schema.js';
import { gateMeasured, gateTitle } from '../gate-wording.js';
import type { ReportFile, ReportWriter } from '../report.js';
import type { ModelSummary, Summary } from '../summary-schema.js';
import { documentedText, notices, titleOf, verdictSentence } from '../wording.js';

/** A test as JUnit's readers know it. */
export interface JUnitCase {
  readonly classname: string;
  readonly name: string;
  readonly seconds: number;
  readonly result:
    | { readonly kind: 'passed' }
    | {
        readonly kind: 'failed';
        readonly type: 'accuracy' | 'gate' | 'undecided' | 'input';
        readonly message: string;
        readonly detail: string;
      }
    | { readonly kind: 'skipped'; readonly message: string };
}

export interface JUnitSuite {
  readonly name: string;
  readonly seconds: number;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly properties: Readonly<Record<string, string>>;
  /** What it came to. */
  readonly answer: Answer;
  /** Faults that the run does not allow: a case of its own, so that no suite is green that ends with 2. */
  readonly fatal: Summary['run']['fatal'];
  readonly cases: readonly JUnitCase[];
  /** What a reader must know beside the results. */
  readonly notes: readonly string[];
}

/**
 * `junit.xml`: one test case for the input, one a documented figure (passed, failed, or skipped where there is no
 * verdict), one a gate. The answer, and what a reader must know beside it, is in `system-out`.
 */
export const junit: ReportWriter = ({ summary }): ReportFile[] => {
  const { models, run, dataset } = summary;
  return [
    junitFile({
      name: titleOf(summary),
      seconds: run.seconds,
      timestamp: run.startedAt,
      properties: {
        'dataset.description': dataset.description,
        'dataset.images': String(dataset.images),
        'dataset.badImages': String(dataset.badImages.length),
        'dataset.digest': dataset.digest,
        'config.sha256': run.config.sha256,
      },
      answer: answerOf(summary),
      fatal: run.fatal,
      cases: [
        ...models.filter(({ documented }) => documented !== null).map(documentedCase),
        ...(summary.gates === null ? [] : gateCases(summary.gates)),
      ],
      notes: notices(summary).map(({ title, text }) => `${title}. ${wordsOf(text)}`),
    }),
  ];
};

/** One suite as `junit.xml`. */
export function junitFile(suite: JUnitSuite): ReportFile {
  const { name, seconds, timestamp, properties, answer } = suite;
  const cases = [inputCase(suite.fatal), ...suite.cases];
  const notes = [answer.said, ...answer.more, ...suite.notes];
  const of = (kind: JUnitCase['result']['kind']): number =>
    cases.filter(({ result }) => result.kind === kind).length;
  const counts = `tests="${cases.length}" failures="${of('failed')}" skipped="${of('skipped')}" errors="0" time="${seconds.toFixed(3)}"`;
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="onnx-imagenet-eval" ${counts}>`,
    `  <testsuite name="${xml(name)}" ${counts} timestamp="${xml(timestamp)}">`,
    '    <properties>',
    ...Object.entries(properties).map(
      ([key, value]) => `      <property name="${key}" value="${xml(value)}"/>`,
    ),
    '    </properties>',
    ...cases.flatMap(testCase),
    `    <system-out>${xml(notes.join('\n'))}</system-out>`,
    '  </testsuite>',
    '</testsuites>',
  ];
  return { path: 'junit.xml', content: [`${lines.join('\n')}\n`] };
}

function inputCase(fatal: JUnitSuite['fatal']): JUnitCase {
  const lines = fatal.map(
    ({ where, what, code }) => `${where === null ? '' : `${where}: `}${what} [${code}]`,
  );
  const [first] = lines;
  return {
    classname: 'input',
    name: 'every image could be used',
    seconds: 0,
    result:
      first === undefined
        ? { kind: 'passed' }
        : {
            kind: 'failed',
            type: 'input',
            message: `${counted(fatal.length, 'fault')}, first: ${first}`,
            detail: lines.join('\n'),
          },
  };
}

/** One case a gate and model; an undecided gate fails or is skipped, as it does to the exit code. */
export function gateCases({ models, undecidedIs }: GateReport): JUnitCase[] {
  return models.flatMap((model) =>
    model.verdicts.map((verdict): JUnitCase => {
      const name = `${verdict.gate}: ${gateTitle(verdict)}`;
      const message = `measured ${gateMeasured(verdict)} on ${counted(verdict.images, 'image')}`;
      const detail = [verdict.rule, ...model.findings.map((finding) => finding.text)].join('\n');
      const result = (): JUnitCase['result'] => {
        switch (verdict.status) {
          case 'pass':
            return { kind: 'passed' };
          case 'fail':
            return { kind: 'failed', type: 'gate', message, detail };
          case 'undecided':
            return undecidedIs === 'fail'
              ? { kind: 'failed', type: 'undecided', message: `undecided: ${message}`, detail }
              : { kind: 'skipped', message: `undecided: ${verdict.rule}` };
        }
      };
      return { classname: classname(model), name, seconds: 0, result: result() };
    }),
  );
}

function classname({ model, against }: ModelGates): string {
  return against === null ? model : `${model} against ${against}`;
}

function documentedCase(model: ModelSummary): JUnitCase {
  const head = {
    classname: model.name,
    name: 'reproduces its documented Top-1',
    seconds: model.inferenceSeconds ?? 0,
  };
  const message = verdictSentence(model);
  switch (model.verdict.outcome) {
    case 'pass':
    case 'above':
      return { ...head, result: { kind: 'passed' } };
    case 'fail': {
      const detail = `measured ${percent(model.top1.percent, modelDecimals(model))} (${model.top1.correct} of ${model.images}), documented ${documentedText(model.documented?.top1)}`;
      return { ...head, result: { kind: 'failed', type: 'accuracy', message, detail } };
    }
    case 'none':
      return { ...head, result: { kind: 'skipped', message } };
  }
}

function testCase({ classname: owner, name, seconds, result }: JUnitCase): string[] {
  const open = `    <testcase classname="${xml(owner)}" name="${xml(name)}" time="${seconds.toFixed(3)}"`;
  switch (result.kind) {
    case 'passed':
      return [`${open}/>`];
    case 'failed':
      return [
        `${open}>`,
        `      <failure message="${xml(result.message)}" type="${result.type}">${xml(result.detail)}</failure>`,
        '    </testcase>',
      ];
    case 'skipped':
      return [`${open}>`, `      <skipped message="${xml(result.message)}"/>`, '    </testcase>'];
  }
}

/** Text for an attribute or element; what XML 1.0 can't hold becomes U+FFFD. */
export function xml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/\n/g, '&#10;');
}
