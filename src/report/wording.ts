import { count, counted, percent, published, pValue, signed, signedRange } from './figures.js';
import type { ComparisonSummary, ModelSummary, Summary } from './summary-schema.js';

/** The sentences that all formats share, in plain text: each format escapes them its own way. */

export interface Headline {
  readonly question: string;
  readonly answer: string;
  /** How the answer is meant: yes, no, better than documented, or no answer. */
  readonly tone: 'pass' | 'fail' | 'above' | 'none';
}

/** The question of a run and its answer in a sentence or two. */
export function headline(summary: Summary): Headline {
  const { models } = summary;
  const question =
    models.length === 1
      ? `Does ${models[0]!.name} reach its documented accuracy?`
      : 'Do these models reach their documented accuracy?';
  const names = (outcome: Headline['tone']): string[] =>
    models.filter((model) => model.verdict.outcome === outcome).map((model) => model.name);
  const failed = names('fail');
  const above = names('above');
  const open = names('none');
  if (failed.length > 0) {
    const held = [...names('pass'), ...above];
    return {
      question,
      tone: 'fail',
      answer: [
        `No: ${listed(failed)} ${failed.length === 1 ? 'stays' : 'stay'} below the documented Top-1.`,
        held.length > 0 ? `${listed(held)} ${held.length === 1 ? 'holds' : 'hold'}.` : '',
        open.length > 0 ? `No verdict for ${listed(open)}.` : '',
      ]
        .filter((sentence) => sentence !== '')
        .join(' '),
    };
  }
  if (open.length === models.length) return { question, tone: 'none', answer: withoutVerdict(summary) };
  const reached = models.length - open.length;
  const all = reached === models.length;
  return {
    question,
    tone: above.length === reached ? 'above' : 'pass',
    answer: [
      all
        ? models.length === 1
          ? 'Yes: its measured Top-1 lies within the tolerance.'
          : models.length === 2
            ? 'Yes: both measured Top-1 figures hold.'
            : `Yes: all ${models.length} measured Top-1 figures hold.`
        : `Yes, for ${listed(models.filter((model) => model.verdict.outcome !== 'none').map((model) => model.name))}.`,
      above.length > 0 ? `${listed(above)} ${above.length === 1 ? 'is' : 'are'} better than documented.` : '',
      all ? '' : `No verdict for ${listed(open)}.`,
    ]
      .filter((sentence) => sentence !== '')
      .join(' '),
  };
}

function withoutVerdict(summary: Summary): string {
  const { models } = summary;
  const documented = models.filter((model) => model.verdict.reason !== 'no-documented-figure');
  const reasons = new Set((documented.length > 0 ? documented : models).map((model) => model.verdict.reason));
  if (reasons.size !== 1) return 'No verdict: see the reason beside each model.';
  const reason = [...reasons][0] ?? null;
  switch (reason) {
    case 'subset': {
      const whole = summary.models.find((model) => model.documented !== null)?.documented?.images;
      return `No verdict: ${counted(summary.dataset.images, 'image')} ${summary.dataset.images === 1 ? 'was' : 'were'} counted, the documented figures rest on ${
        whole === undefined ? 'more' : count(whole)
      }. What follows is measured on this part only.`;
    }
    case 'other-data-set':
      return 'No verdict: the documented figures were measured on another data set. What follows is measured on this one.';
    case 'hash-mismatch':
      return 'No verdict: the documented figures belong to model files with another SHA-256.';
    case 'no-documented-figure':
      return summary.models.length === 1
        ? 'No figure is documented for it: here is what was measured.'
        : 'No figure is documented for them: here is what was measured.';
    case null:
      return 'No verdict.';
  }
}

export const verdictLabel = {
  pass: 'Reproduced',
  fail: 'Below',
  above: 'Above',
  none: 'No verdict',
} as const satisfies Record<Headline['tone'], string>;

/** A model's verdict in words. */
export function verdictSentence(model: ModelSummary): string {
  const { verdict, documented, images } = model;
  const tolerance = `tolerance ${verdict.tolerance} points`;
  switch (verdict.outcome) {
    case 'pass':
      return Number((verdict.difference ?? 0).toFixed(3)) === 0
        ? `Reproduced: exactly the documented Top-1 (${tolerance}).`
        : `Reproduced: ${signed(verdict.difference ?? 0)} points from the documented Top-1 (${tolerance}).`;
    case 'above':
      return `Better than documented: ${signed(verdict.difference ?? 0)} points (${tolerance}).`;
    case 'fail':
      return `Not reproduced: ${signed(verdict.difference ?? 0)} points from the documented Top-1 (${tolerance}).`;
    case 'none':
      break;
  }
  switch (verdict.reason) {
    case 'subset':
      return `No verdict of reproduction: measured on ${count(images)} images, documented on ${count(documented?.images ?? 0)}.`;
    case 'hash-mismatch':
      return 'No verdict: the documented figure belongs to a model file with another SHA-256.';
    case 'other-data-set':
      return 'No verdict: the documented figure was measured on another data set.';
    case 'no-documented-figure':
    case null:
      return 'No verdict: no Top-1 figure is documented for this model.';
  }
}

/** A compared model in words: the loss or gain, its interval, and what chance makes of it. */
export function comparisonSentence(model: Pick<ModelSummary, 'name'>, comparison: ComparisonSummary): string {
  const { difference, mcnemarMidP } = comparison.top1;
  const points = difference.points ?? 0;
  const change =
    points === 0
      ? `${model.name} has exactly as many images right as ${comparison.with}`
      : `${model.name} is ${Math.abs(points).toFixed(3)} points ${points < 0 ? 'less' : 'more'} accurate than ${comparison.with}`;
  const chance =
    mcnemarMidP < 0.05
      ? `flips this one-sided are rare by chance (McNemar mid-p ${pValue(mcnemarMidP)})`
      : `flips as one-sided as these are common by chance (McNemar mid-p ${pValue(mcnemarMidP)})`;
  return `${change} on the same ${counted(comparison.images, 'image')} (95 % interval ${signedRange(
    difference.tango95,
  )} points). It loses ${counted(comparison.flips.lost, 'image')} and gains ${count(
    comparison.flips.gained,
  )}; ${chance}. Both give the same class to ${percent(comparison.agreement.percent, 2)} of the images.`;
}

export interface Notice {
  readonly tone: 'caution' | 'note';
  readonly title: string;
  readonly text: string;
}

/** What a reader must know before trusting the figures; empty for a clean run on the whole data set. */
export function notices(summary: Summary): Notice[] {
  const { dataset, models, run } = summary;
  const list: Notice[] = [];
  if (dataset.badImages.length > 0)
    list.push({
      tone: 'caution',
      title: `${counted(dataset.badImages.length, 'image')} could not be used`,
      text: `The figures rest on the other ${count(dataset.images)}.`,
    });
  if (dataset.subset !== null)
    list.push({
      tone: 'note',
      title: `A part of the data set: ${counted(dataset.images, 'image')}${
        dataset.manifestImages === null ? '' : ` of ${count(dataset.manifestImages)}`
      }`,
      text: `${dataset.subset}. These figures are not those of the whole set.`,
    });
  for (const model of models) {
    const { ties } = model;
    if (ties.images > 0)
      list.push({
        tone: ties.canChangeTop1 > 0 ? 'caution' : 'note',
        title: `${model.name}: tied scores on ${counted(ties.images, 'image')}`,
        text: tiesSentence(model),
      });
    if (model.invalid > 0)
      list.push({
        tone: 'caution',
        title: `${model.name}: NaN scores on ${counted(model.invalid, 'image')}`,
        text: 'They count as wrong.',
      });
    if (model.batchInvariant === false)
      list.push({
        tone: 'note',
        title: `${model.name}: scores depend on the batch size`,
        text: `The figures hold for batches of ${count(run.batch)}.`,
      });
  }
  for (const warning of run.warnings) list.push({ tone: 'note', title: 'Warning', text: warning });
  return list;
}

/** How far ties could move a model's figures. */
export function tiesSentence({ ties, top1, top5, images }: ModelSummary): string {
  const share = (correct: number): string => `${((100 * correct) / Math.max(1, images)).toFixed(3)} %`;
  const spread = (name: string, bounds: { lowest: number; highest: number }): string =>
    bounds.lowest === bounds.highest
      ? `${name} is the same whichever class wins`
      : `${name} lies between ${share(bounds.lowest)} (${count(bounds.lowest)}) and ${share(bounds.highest)} (${count(bounds.highest)})`;
  const rule = ties.rule === 'lowest-index' ? 'the lowest class index' : 'the highest class index';
  return `${spread('Top-1', ties.top1)}; ${spread('Top-5', ties.top5)}. By the rule of this run, ties go to ${rule}: ${count(
    top1.correct,
  )} and ${count(top5.correct)} images right.`;
}

/** `74.38 %`, or why there is none. */
export function documentedText(value: number | null | undefined): string {
  return value == null ? 'not documented' : published(value);
}

function listed(names: readonly string[]): string {
  return names.length < 2
    ? names.join('')
    : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]!}`;
}
