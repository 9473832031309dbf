import { join } from 'node:path';

import type { GatesInput } from '../../config/schema.js';
import { ConfigError } from '../../domain/errors.js';
import { evaluateToReport } from '../run/evaluate-to-report.js';
import { writeAtomically } from '../../report/atomic-file.js';
import { checkJson, type CheckRecord } from '../../report/check.js';
import { answerOf } from '../../report/answer.js';
import { renderPage } from '../../report/document/html.js';
import { renderMarkdown } from '../../report/document/markdown.js';
import { baselineSections, checkDocument } from '../../report/documents/check.js';
import { gateCases, junitFile } from '../../report/formats/junit.js';
import type { GateReport } from '../../report/gate-schema.js';
import type { RunRecord } from '../../record/run-record.js';
import type { Summary } from '../../report/summary-schema.js';
import { readBaseline } from '../../store/baseline.js';
import { commonPaths } from '../../report/report-paths.js';
import { refuseForeignFiles } from '../../store/own-folder.js';
import { markFinished } from '../../store/run-state.js';
import { baselineName, findBaseline } from './baseline-file.js';
import { checkRecord } from './check-record.js';
import { isPaired, limitsOf, requiredGates } from './asked-gates.js';
import { judge } from './judge.js';
import { comparedBy, type ComparedModel, type OpenBaseline } from './reference.js';
import { regressionsAgainst } from './regressions.js';
import type { CheckOptions, CheckResult } from './options.js';
import { looksFile } from './looks.js';
import { runSequentially } from './sequential-check.js';

/**
 * Compares each model with its reference, image by image, by the gates of the config, and writes check.json, check.md
 * and junit.xml, beside the ordinary report where every image was run.
 */
export async function check(options: CheckOptions): Promise<CheckResult> {
  const gates = comparableGates(options);
  await refuseForeignFiles(options.out, commonPaths);
  const baseline = await openBaseline(options);
  const { sequential } = options;
  const outcome =
    sequential === null
      ? await runWhole(options, gates, baseline)
      : await runSequentially({ ...options, sequential }, gates, baseline);
  if (outcome.check === null) return outcome;
  const { check: found } = outcome;
  const document = checkDocument(
    found,
    sequential === null ? [] : ['check.json', 'check.md', 'junit.xml', 'journal.jsonl', looksFile],
  );
  const files = [
    { path: 'check.json', content: [checkJson(found)] },
    { path: 'check.md', content: [renderMarkdown(document)] },
    // The ordinary report's page and junit.xml have the gates already.
    ...(sequential === null
      ? []
      : [junitOf(found), { path: 'report.html', content: [await renderPage(document)] }]),
  ];
  for (const { path, content } of files) await writeAtomically(join(options.out, path), content);
  const written = [...outcome.files, ...files.map(({ path }) => path)];
  await markFinished(options.out, written);
  return { ...outcome, files: written };
}

async function runWhole(
  options: CheckOptions,
  gates: GatesInput,
  baseline: OpenBaseline | null,
): Promise<CheckResult> {
  let compared: readonly ComparedModel[] = [];
  const { regressions, suspicions } = regressionsAgainst(baseline);
  const decide = (record: RunRecord, summary: Summary): GateReport => {
    compared = comparedBy(record, baseline);
    return judge(record, summary, gates, compared, suspicions);
  };
  let found: CheckRecord | null = null;
  const { faults, files } = await evaluateToReport({
    ...options,
    shard: null,
    regressions,
    judge: decide,
    more(record, summary) {
      found = recordOf(record, summary, compared, baseline);
      return baselineSections(found);
    },
    beside: ['check.json', 'check.md'],
  });
  return { check: found, faults, files };
}

function recordOf(
  record: RunRecord,
  summary: Summary,
  compared: readonly ComparedModel[],
  baseline: OpenBaseline | null,
): CheckRecord {
  return checkRecord({
    record,
    population: record.samples.length + record.dataset.badImages.length,
    subset: record.dataset.subset,
    compared,
    baseline,
    gates: summary.gates ?? { undecidedIs: 'fail', models: [] },
    sequential: null,
    answer: answerOf(summary),
    tests: new Map(),
  });
}

async function openBaseline({ baseline, config }: CheckOptions): Promise<OpenBaseline | null> {
  if (baseline === null) return null;
  const file = findBaseline(baseline, config.file);
  return { name: baselineName(baseline), content: await readBaseline(file) };
}

function comparableGates({ config, baseline }: CheckOptions): GatesInput {
  const gates = requiredGates(config);
  const limits = limitsOf(gates);
  const { models } = config;
  if (baseline === null && models.every(({ compareWith }) => compareWith === null) && limits.some(isPaired))
    throw new ConfigError({
      code: 'nothing-to-compare',
      what: `the gates ${limits.filter(isPaired).join(', ')} compare two models, but no model has a compare_with and no baseline is given`,
      where: config.file,
      remedy: 'Set `compare_with: NAME` for the quantized model, or give --baseline NAME.',
    });
  return gates;
}

function junitOf(found: CheckRecord) {
  const { dataset, sequential, baseline, answer, fatal } = found;
  return junitFile({
    name: checkDocument(found).title,
    seconds: found.seconds,
    timestamp: found.startedAt,
    properties: {
      'dataset.description': dataset.description,
      'dataset.images': String(dataset.images),
      'config.sha256': found.config.sha256,
      ...(sequential === null
        ? {}
        : { 'sequential.seed': String(sequential.seed), 'sequential.images': String(sequential.imagesSeen) }),
    },
    answer,
    fatal,
    cases: gateCases(found.gates),
    notes: baseline?.differences ?? [],
  });
}
