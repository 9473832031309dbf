import * as z from 'zod';
import { tones } from './document/document.js';
import {
  count,
  counted,
  decimalsFor,
  joined,
  modelDecimals,
  percent,
  published,
  signed,
  signedRange,
} from './figures.js';
import { gatesBroken, type GateReport, type ModelGates } from './gate-schema.js';
import { gateReason, worstVerdict } from './gate-wording.js';
import type { ModelSummary, Summary } from './summary-schema.js';
import { noVerdictReason } from './wording.js';

export const answerSchema = z
  .object({
    kind: z
      .enum(['bad-input', 'gates', 'documented', 'comparison', 'figures'])
      .describe('Which question it answers.'),
    tone: z.enum(tones),
    said: z
      .string()
      .describe(
        'In a sentence that begins with its verdict, if there is one: `FAIL: int8 must not ship: ...`.',
      ),
    more: z.array(z.string()).readonly().describe('What belongs to it, a sentence each.'),
    exit: z
      .union([z.literal(0), z.literal(1), z.literal(2)])
      .describe('0 all is well, 1 a verdict failed, 2 the input was bad.'),
  })
  .describe('What a run came to: terminal, Markdown, HTML, JUnit and the exit code all say this.');
export type Answer = Readonly<z.infer<typeof answerSchema>>;

/** What the answer rests on. */
export interface Answerable {
  /** Faults that the run does not allow. */
  readonly fatal: Summary['run']['fatal'];
  /** Images that were counted. */
  readonly images: number;
  readonly gates: GateReport | null;
  /** Empty after an early stop: gates answer then. */
  readonly models: readonly ModelSummary[];
}

/** The answer to what was asked, by precedence: bad input, gates, documented figures, comparison, plain figures. */
export function answer(asked: Answerable): Answer {
  const { fatal, images } = asked;
  const measured = judged(asked) ?? ofComparison(asked) ?? ofFigures(asked);
  const [first] = fatal;
  if (first === undefined) return measured;
  const others =
    fatal.length === 1
      ? ''
      : ` and ${count(fatal.length - 1)} more ${fatal.length === 2 ? 'fault' : 'faults'}`;
  return {
    kind: 'bad-input',
    tone: 'fail',
    said: `BAD INPUT: ${first.where === null ? '' : `${first.where}: `}${headline(first.what)}${others}; the figures rest on ${counted(images, 'image')}.`,
    more: [...(headline(first.what) === first.what ? [] : [first.what]), measured.said, ...measured.more],
    exit: 2,
  };
}

/** A fault without the lines that it quotes: `the adapter ended with exit code 1`. */
function headline(what: string): string {
  return what.split('\n', 1)[0]!.replace(/(?:; [^;]*)?:$/, '');
}

/** What gates say, then documented figures; one that fails leads, since the exit code is its own. */
function judged(asked: Answerable): Answer | null {
  const verdicts = [ofGates(asked), ofDocumented(asked)].filter((verdict) => verdict !== null);
  const lead = verdicts.find(({ exit }) => exit !== 0) ?? verdicts[0];
  if (lead === undefined) return null;
  const others = verdicts.filter((verdict) => verdict !== lead);
  return { ...lead, more: [...lead.more, ...others.flatMap(({ said, more }) => [said, ...more])] };
}

/** What `answer` needs of a finished run. */
export function answerOf({ run, dataset, gates, models }: Summary): Answer {
  return answer({ fatal: run.fatal, images: dataset.images, gates, models });
}

function ofGates({ gates }: Answerable): Answer | null {
  if (gates === null) return null;
  const all = gates.models.flatMap(({ verdicts }) => verdicts);
  if (all.length === 0) return null;
  const having = (status: ModelGates['verdicts'][number]['status']): readonly ModelGates[] =>
    gates.models.filter(({ verdicts }) => verdicts.some((verdict) => verdict.status === status));
  const exit = gatesBroken(gates) ? 1 : 0;
  const failing = having('fail');
  const open = having('undecided');
  const counts = (status: 'fail' | 'undecided'): number =>
    all.filter((verdict) => verdict.status === status).length;
  if (failing.length > 0) {
    const openGates = counts('undecided');
    const alsoOpen = open.filter((model) => !failing.includes(model));
    const others = gates.models.filter(
      (model) => model.against !== null && !failing.includes(model) && !open.includes(model),
    );
    return {
      kind: 'gates',
      tone: 'fail',
      said: `FAIL: ${joined(names(failing))} must not ship: ${reasons(failing)}; ${count(counts('fail'))} of ${counted(all.length, 'gate')} ${counts('fail') === 1 ? 'fails' : 'fail'}${openGates === 0 ? '' : `, ${count(openGates)} ${openGates === 1 ? 'is' : 'are'} undecided`}.`,
      more: [
        ...(others.length === 0
          ? []
          : [`${joined(names(others))} ${others.length === 1 ? 'passes its' : 'pass their'} gates.`]),
        ...(alsoOpen.length === 0 ? [] : [`Undecided: ${joined(names(alsoOpen))}.`]),
      ],
      exit,
    };
  }
  if (open.length > 0)
    return {
      kind: 'gates',
      tone: exit === 0 ? 'none' : 'fail',
      said: `UNDECIDED: whether ${joined(names(open))} may ship: ${reasons(open)}; ${count(counts('undecided'))} of ${counted(all.length, 'gate')} ${counts('undecided') === 1 ? 'is' : 'are'} open, which ${
        exit === 0 ? 'counts as a pass here (on_undecided)' : 'is not a pass'
      }.`,
      more: [],
      exit,
    };
  const paired = gates.models.filter(({ against, verdicts }) => against !== null && verdicts.length > 0);
  const asked = paired.length > 0 ? paired : gates.models.filter(({ verdicts }) => verdicts.length > 0);
  return {
    kind: 'gates',
    tone: 'pass',
    said: `PASS: ${joined(names(asked))} may ship: ${reasons(asked)}; ${all.length === 1 ? 'the one gate passes' : `all ${count(all.length)} gates pass`}.`,
    more: [],
    exit,
  };
}

function names(models: readonly { readonly model: string }[]): string[] {
  return models.map(({ model }) => model);
}

function reasons(models: readonly ModelGates[]): string {
  return models
    .map((model) => gateReason(worstVerdict(model), models.length === 1 ? 'it' : model.model, model.against))
    .join('; ');
}

function ofDocumented({ models }: Answerable): Answer | null {
  const having = (outcome: ModelSummary['verdict']['outcome']): readonly ModelSummary[] =>
    models.filter(({ verdict }) => verdict.outcome === outcome);
  const [failed, higher, passed] = [having('fail'), having('above'), having('pass')];
  if (failed.length + higher.length + passed.length === 0) return null;
  const suspect = higher.filter(({ verdict }) => verdict.grade === 'far-above');
  const above = higher.filter((model) => !suspect.includes(model));
  const figures = (some: readonly ModelSummary[]): string =>
    some.map((model) => `${some.length === 1 ? '' : `${model.name} `}${besideDocumented(model)}`).join('; ');
  const rest = [
    ...having('none')
      .filter(({ documented }) => documented !== null)
      .map((model) => `No verdict for ${model.name}: ${noVerdictReason(model)}.`),
  ];
  const its = (some: readonly ModelSummary[]): string => (some.length === 1 ? 'its' : 'their');
  const suspicious =
    suspect.length === 0
      ? []
      : [
          `${joined(suspect.map(nameOf))} ${suspect.length === 1 ? 'lies' : 'lie'} far above ${its(suspect)} documented Top-1, which is not a reproduction; leaked or other labels? ${figures(suspect)}.`,
        ];
  const reached = [
    ...(passed.length === 0
      ? []
      : [
          `${joined(passed.map(nameOf))} ${passed.length === 1 ? 'reaches' : 'reach'} ${its(passed)} documented Top-1: ${figures(passed)}.`,
        ]),
    ...(above.length === 0
      ? []
      : [
          `${joined(above.map(nameOf))} ${above.length === 1 ? 'is' : 'are'} better than documented: ${figures(above)}.`,
        ]),
  ];
  if (failed.length > 0)
    return {
      kind: 'documented',
      tone: 'fail',
      said: `FAIL: ${joined(failed.map(nameOf))} ${failed.length === 1 ? 'stays' : 'stay'} below ${its(failed)} documented Top-1: ${figures(failed)}.`,
      more: [...suspicious, ...reached, ...rest],
      exit: 1,
    };
  if (suspicious.length > 0)
    return {
      kind: 'documented',
      tone: 'above',
      said: `ABOVE: ${suspicious.join(' ')}`,
      more: [...reached, ...rest],
      exit: 0,
    };
  const [first, ...others] = reached;
  return {
    kind: 'documented',
    tone: passed.length > 0 ? 'pass' : 'above',
    said: `${passed.length > 0 ? 'REPRODUCED' : 'ABOVE'}: ${first!}`,
    more: [...others, ...rest],
    exit: 0,
  };
}

function besideDocumented(model: ModelSummary): string {
  const { top1, documented, verdict } = model;
  const decimals = modelDecimals(model);
  return `${percent(top1.percent, decimals)}, documented ${published(documented?.top1 ?? 0)} (${signed(verdict.difference ?? 0, decimals)}, tolerance ${verdict.tolerance})`;
}

function nameOf({ name }: ModelSummary): string {
  return name;
}

function ofComparison(asked: Answerable): Answer | null {
  const compared = asked.models.filter(({ comparison }) => comparison !== null);
  if (compared.length === 0) return null;
  return {
    kind: 'comparison',
    tone: 'none',
    said: `${compared.length === 1 ? comparedShort(compared[0]!) : comparedTogether(compared)}.`,
    more: unanswered(asked),
    exit: 0,
  };
}

/** `int8 is 1.0 points less accurate than float on the same 500 images (95 % interval ...)`. */
function comparedShort({ name, comparison }: ModelSummary): string {
  const { top1, images, with: reference } = comparison!;
  const decimals = decimalsFor(images);
  const points = top1.difference.points ?? 0;
  if (points === 0)
    return `${name} has as many of the same ${counted(images, 'image')} right as ${reference}`;
  const chance = top1.mcnemarMidP < 0.05 ? 'beyond chance' : 'not beyond chance';
  return `${name} is ${Math.abs(points).toFixed(decimals)} points ${points < 0 ? 'less' : 'more'} accurate than ${reference} on the same ${counted(images, 'image')}: ${chance} (95 % interval ${signedRange(top1.difference.tango95, decimals)})`;
}

/** `On the same 500 images: against float, qdq −1.0 points (−2.8 to +0.7: not beyond chance); ...`. */
function comparedTogether(compared: readonly ModelSummary[]): string {
  const references = [...new Set(compared.map(({ comparison }) => comparison!.with))];
  const parts = references.map((reference) => {
    const own = compared.filter(({ comparison }) => comparison!.with === reference);
    return `against ${reference}, ${own
      .map(({ name, comparison }) => {
        const { top1, images } = comparison!;
        const decimals = decimalsFor(images);
        return `${name} ${signed(top1.difference.points ?? 0, decimals)} points (${signedRange(top1.difference.tango95, decimals)}${top1.mcnemarMidP < 0.05 ? '' : ': not beyond chance'})`;
      })
      .join(', ')}`;
  });
  return `On the same ${counted(compared[0]!.comparison!.images, 'image')}: ${parts.join('; ')}`;
}

function ofFigures(asked: Answerable): Answer {
  const figures = asked.models.map(
    ({ name, top1, images }) =>
      `${name} has ${percent(top1.percent, decimalsFor(images))} Top-1 (${count(top1.correct)} of ${counted(images, 'image')})`,
  );
  return { kind: 'figures', tone: 'none', said: `${figures.join('; ')}.`, more: unanswered(asked), exit: 0 };
}

/** Why documented figures got no verdict, where there are any. */
function unanswered({ models }: Answerable): string[] {
  const reasons = models.filter(({ documented }) => documented !== null).map(noVerdictReason);
  return [...new Set(reasons)].map((reason) => `No verdict on documented figures: ${reason}.`);
}
