import type { GatesInput } from '../../config/schema.js';
import { RunError } from '../../domain/errors.js';
import { measure } from '../run/evaluate.js';
import type { Plan } from '../run/options.js';
import type { GateVerdict } from '../../metrics/verdict.js';
import { PERMUTATION_METHOD } from '../../metrics/permutation.js';
import type { CheckRecord, SequentialRun, SequentialTestRecord } from '../../report/check.js';
import { gateOutcome, type ModelGates } from '../../report/gate-schema.js';
import type { RunRecord } from '../../record/run-record.js';
import { answer } from '../../report/answer.js';
import { summarize } from '../../report/summary.js';
import { listDigest } from '../../store/journal-header.js';
import type { Sha256 } from '../../domain/domain.js';
import { checkRecord } from './check-record.js';
import { keepLook, otherLooks, readLooks, seedOfCandidates, subjectOf, type Look } from './looks.js';
import { gateReport, judge, modelGates } from './judge.js';
import { comparedBy, partOfCompared, type ComparedModel, type OpenBaseline } from './reference.js';
import { regressionsAgainst, type Suspicions } from './regressions.js';
import { SequentialSampling } from './sequential-sampling.js';
import type { CheckOptions, CheckResult, SequentialSettings } from './options.js';
import { planTests, type AskedGate, type SequentialPlan } from './sequential-plan.js';

type SequentialOptions = CheckOptions & { readonly sequential: SequentialSettings };

/** What stands once the run's models and images are known. */
interface Started {
  readonly plan: Plan;
  readonly tests: SequentialPlan;
  readonly sampling: SequentialSampling;
  readonly seed: number;
  /** SHA-256 of the models under test. */
  readonly candidates: readonly Sha256[];
}

/**
 * Takes the images in one random order of the whole list until every model is finished. `limit` ends it before, and what
 * is open then stays undecided.
 */
export async function runSequentially(
  options: SequentialOptions,
  gates: GatesInput,
  baseline: OpenBaseline | null,
): Promise<CheckResult> {
  const { sequential, limit } = options;
  let started: Started | null = null;
  const { regressions, suspicions } = regressionsAgainst(baseline);
  const { record, faults, stopped } = await measure({
    ...options,
    limit: null,
    shard: null,
    regressions,
    sampling(plan) {
      const tests = planTests(plan, gates, baseline, sequential.errorRate);
      const labels = plan.samples.map((sample) => sample.label);
      const candidates = tests.tested.map(({ model }) => plan.models[model]!.sha256);
      const seed = sequential.seed ?? seedOfCandidates(candidates);
      const sampling = new SequentialSampling(labels, plan.models.length, tests.tested, seed, limit);
      started = { plan, tests, sampling, seed, candidates };
      return sampling;
    },
  });
  options.events.onMeasured();
  if (stopped) return { check: null, faults, files: [] };
  const ready = requireStarted(started);
  const found = recordOf(ready, record, gates, baseline, sequential, suspicions);
  return { check: await withOtherLooks(found, ready, gates, options.out), faults, files: [] };
}

/** Keeps this look at the candidates in the report folder, and tells of those that asked otherwise before. */
async function withOtherLooks(
  check: CheckRecord,
  { candidates }: Started,
  gates: GatesInput,
  out: string,
): Promise<CheckRecord> {
  const { sequential } = check;
  if (sequential === null) return check;
  const look: Look = {
    at: check.startedAt,
    subject: subjectOf(candidates, sequential.listDigest),
    seed: sequential.seed,
    errorRate: sequential.errorRate,
    gates: JSON.stringify(gates),
    imagesSeen: sequential.imagesSeen,
    outcome: gateOutcome(check.gates),
  };
  const others = otherLooks(await readLooks(out), look).map(({ at, seed, imagesSeen, outcome }) => ({
    at,
    seed,
    imagesSeen,
    outcome,
  }));
  await keepLook(out, look);
  return { ...check, sequential: { ...sequential, otherLooks: others } };
}

function requireStarted(started: Started | null): Started {
  if (started !== null) return started;
  throw new RunError({ code: 'not-started', what: 'the run chose no images', where: null, remedy: null });
}

function recordOf(
  { plan, tests, sampling, seed }: Started,
  record: RunRecord,
  gates: GatesInput,
  baseline: OpenBaseline | null,
  { seed: given, errorRate }: SequentialSettings,
  suspicions: Suspicions,
): CheckRecord {
  const population = plan.samples.length;
  const exhausted = sampling.seen.length === population;
  const sequential: SequentialRun = {
    seed,
    seedFrom: given === null ? 'candidates' : 'given',
    otherLooks: [],
    method: PERMUTATION_METHOD,
    listDigest: listDigest(plan.samples),
    population,
    errorRate,
    tests: tests.tests,
    imagesSeen: sampling.seen.length,
    ended: exhausted ? 'exhausted' : sampling.enough.aborted ? 'decided' : 'limit',
  };
  const compared = comparedBy(record, baseline).map((one, model) =>
    seenPart(one, model, record, plan, tests, sampling),
  );
  const records = new Map<string, SequentialTestRecord[]>();
  const exact = exhausted ? judge(record, summarize(record), gates, compared, suspicions) : null;
  const models = compared.map((one, index): ModelGates => {
    const own: SequentialTestRecord[] = [];
    records.set(one.model.name, own);
    const verdicts = tests.asked[index]!.map((asked): GateVerdict => {
      if (asked.kind === 'open') return openVerdict(asked, exact?.models[index]);
      const outcome = asked.test.record();
      own.push(outcome);
      return asked.test.gateVerdict(outcome);
    });
    return modelGates(record, one, verdicts, suspicions);
  });
  const report = gateReport(gates, models);
  return checkRecord({
    record,
    population,
    subset: plan.dataset.subset,
    compared,
    baseline,
    gates: report,
    sequential,
    answer: answer({ fatal: record.run.fatal, images: sampling.seen.length, gates: report, models: [] }),
    tests: records,
  });
}

/** A gate without a test is decided after all where every image was seen. */
function openVerdict(
  { verdict }: Extract<AskedGate, { kind: 'open' }>,
  exact: ModelGates | undefined,
): GateVerdict {
  return exact?.verdicts.find(({ gate }) => gate === verdict.gate) ?? verdict;
}

/** A compared model on the images that its tests saw: none that workers finished beyond them. */
function seenPart(
  compared: ComparedModel,
  model: number,
  record: RunRecord,
  plan: Plan,
  { tested }: SequentialPlan,
  sampling: SequentialSampling,
): ComparedModel {
  const own = tested.find((one) => one.model === model);
  const images = own === undefined ? sampling.seen.length : sampling.imagesOf(own);
  const seen = new Set(sampling.seen.slice(0, images).map(({ sample }) => plan.samples[sample]!.id));
  return partOfCompared(
    compared,
    compared.places.flatMap((place, at) => (seen.has(record.samples[place]!.id) ? [at] : [])),
  );
}
