import { percent } from '../figures.js';
import type { ReportFile, ReportWriter } from '../report.js';
import type { ModelSummary } from '../summary-schema.js';
import { documentedText, notices, verdictSentence } from '../wording.js';

/**
 * `junit.xml`: one test case a model, "reproduces its documented Top-1": passed, failed, or skipped where there is no
 * verdict. What a reader must know beside it is in `system-out`.
 */
export const junit: ReportWriter = ({ summary }): ReportFile[] => {
  const { models, run, dataset } = summary;
  const failures = models.filter((model) => model.verdict.outcome === 'fail').length;
  const skipped = models.filter((model) => model.verdict.outcome === 'none').length;
  const properties = {
    'dataset.description': dataset.description,
    'dataset.images': String(dataset.images),
    'dataset.badImages': String(dataset.badImages.length),
    'dataset.digest': dataset.digest,
    'config.sha256': run.config.sha256,
  };
  const told = notices(summary).map(({ title, text }) => `${title}. ${text}`);
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="onnx-imagenet-eval" tests="${models.length}" failures="${failures}" skipped="${skipped}" errors="0" time="${run.seconds.toFixed(3)}">`,
    `  <testsuite name="${xml(run.title ?? dataset.description)}" tests="${models.length}" failures="${failures}" skipped="${skipped}" errors="0" time="${run.seconds.toFixed(3)}" timestamp="${xml(run.startedAt)}">`,
    '    <properties>',
    ...Object.entries(properties).map(
      ([name, value]) => `      <property name="${name}" value="${xml(value)}"/>`,
    ),
    '    </properties>',
    ...models.flatMap(testCase),
    `    <system-out>${xml(told.join('\n'))}</system-out>`,
    '  </testsuite>',
    '</testsuites>',
  ];
  return [{ path: 'junit.xml', content: [`${lines.join('\n')}\n`] }];
};

function testCase(model: ModelSummary): string[] {
  const open = `    <testcase classname="${xml(model.name)}" name="reproduces its documented Top-1" time="${(model.inferenceSeconds ?? 0).toFixed(3)}"`;
  const sentence = verdictSentence(model);
  const detail = `measured ${percent(model.top1.percent)} (${model.top1.correct} of ${model.images}), documented ${documentedText(model.documented?.top1)}`;
  switch (model.verdict.outcome) {
    case 'pass':
    case 'above':
      return [`${open}/>`];
    case 'fail':
      return [
        `${open}>`,
        `      <failure message="${xml(sentence)}" type="accuracy">${xml(detail)}</failure>`,
        '    </testcase>',
      ];
    case 'none':
      return [`${open}>`, `      <skipped message="${xml(sentence)}"/>`, '    </testcase>'];
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
