import {
  count,
  counted,
  decimalsFor,
  joined,
  modelDecimals,
  percent,
  points,
  published,
  pValue,
  range,
  signed,
  signedRange,
} from './figures.js';
import type { NoticeBlock, Tone } from './document/document.js';
import type { ComparisonSummary, ModelSummary, Summary } from './summary-schema.js';

/** The sentences that reports share, in plain text: each face of a document escapes them its own way. */

export const verdictLabel = {
  pass: 'Reproduced',
  fail: 'Below',
  above: 'Above',
  none: 'No verdict',
} as const satisfies Record<ModelSummary['verdict']['outcome'], string>;

/** The tone of a model's verdict. */
export function verdictTone({ verdict }: Pick<ModelSummary, 'verdict'>): Tone {
  return verdict.outcome;
}

/** A model's verdict in words, as a sentence of its own. */
export function verdictSentence(model: ModelSummary): string {
  const label = model.verdict.outcome === 'fail' ? 'Not reproduced' : verdictLabel[model.verdict.outcome];
  return `${label}: ${verdictReason(model)}.`;
}

/** What a model's verdict rests on, to stand beside its label. */
export function verdictReason(model: ModelSummary): string {
  const { verdict } = model;
  if (verdict.outcome === 'none') return noVerdictReason(model);
  const decimals = modelDecimals(model);
  const difference = verdict.difference ?? 0;
  if (Number(difference.toFixed(decimals)) === 0) return 'exactly the documented Top-1';
  const distance = `${signed(difference, decimals)} points from the documented Top-1`;
  if (verdict.grade === 'far-above')
    return `${distance}, which is no reproduction: look for leaked or other labels`;
  return verdict.grade === 'printed-digit'
    ? `${distance}, the same to the printed digit`
    : `${distance}, tolerance ${points(verdict.tolerance)}`;
}

/** Why a model's documented figure gets no verdict, as part of a sentence. */
export function noVerdictReason({ verdict, documented, images }: ModelSummary): string {
  switch (verdict.reason) {
    case 'subset':
      return images === documented?.images
        ? `measured on ${counted(images, 'image')} that are a part of the data set`
        : `measured on ${counted(images, 'image')}, documented on ${count(documented?.images ?? 0)}`;
    case 'hash-mismatch':
      return 'the documented figure belongs to a model file with another SHA-256';
    case 'other-data-set':
      return 'the documented figure was measured on another data set';
    case 'unusable-images':
      return 'it hangs on images that could not be used';
    case 'no-documented-figure':
    case null:
      return 'no Top-1 figure is documented for it';
  }
}

/** A compared model in words: the loss or gain, its interval, and what chance makes of it. */
export function comparisonSentence(model: Pick<ModelSummary, 'name'>, comparison: ComparisonSummary): string {
  const { difference, mcnemarMidP } = comparison.top1;
  const decimals = decimalsFor(comparison.images);
  const points = difference.points ?? 0;
  const change =
    points === 0
      ? `${model.name} has exactly as many images right as ${comparison.with}`
      : `${model.name} is ${Math.abs(points).toFixed(decimals)} points ${points < 0 ? 'less' : 'more'} accurate than ${comparison.with}`;
  const chance =
    mcnemarMidP < 0.05
      ? 'flips this one-sided are rare by chance'
      : mcnemarMidP < 0.2
        ? 'flips this one-sided are not beyond chance'
        : 'flips as one-sided as these are common by chance';
  return `${change} on the same ${counted(comparison.images, 'image')} (95 % interval ${signedRange(
    difference.tango95,
    decimals,
  )} points). It loses ${counted(comparison.flips.lost, 'image')} and gains ${count(
    comparison.flips.gained,
  )}; ${chance} (McNemar mid-p ${pValue(mcnemarMidP)}). Both give the same class to ${percent(
    comparison.agreement.percent,
    Math.min(2, decimals),
  )} of the images.`;
}

/** What a part says of the whole: `float: for all 50,000 images Top-1 is estimated at 73.2 % (95 % interval ...).` */
function wholeSentence({ name, whole, comparison }: ModelSummary): string[] {
  if (whole === null) return [];
  const difference = comparison?.top1.difference ?? null;
  const beside =
    difference?.whole95 == null
      ? ''
      : `; against ${comparison!.with} ${signed(difference.points ?? 0, 1)} points (${signedRange(difference.whole95, 1)})`;
  return [
    `${name}: for all ${counted(whole.images, 'image')} Top-1 is estimated at ${percent(whole.percent, 1)} (95 % interval ${range(whole.interval95, 1)}${whole.method === 'by-class' ? ', drawn by class' : ''})${beside}.`,
  ];
}

/** That images could not be used, and how many could. */
export function badImagesNotice(unusable: number, used: number): NoticeBlock[] {
  if (unusable === 0) return [];
  return [
    {
      kind: 'notice',
      tone: 'caution',
      title: `${counted(unusable, 'image')} could not be used`,
      text: `The figures rest on the other ${count(used)}.`,
    },
  ];
}

/** That a run is of a part of its data set; `whole` says what that part tells of it. */
export function partNotice(subset: string | null, whole: readonly string[] = []): NoticeBlock[] {
  if (subset === null) return [];
  return [
    {
      kind: 'notice',
      tone: 'note',
      title: 'A part of the data set',
      text: [`${subset}. These figures are not those of the whole set.`, ...whole].join(' '),
    },
  ];
}

/** What a reader must know before trusting the figures; empty for a clean run on the whole data set. */
export function notices(summary: Summary): NoticeBlock[] {
  const { dataset, models, run } = summary;
  const list: NoticeBlock[] = [];
  const add = (tone: NoticeBlock['tone'], title: string, text: string): void => {
    list.push({ kind: 'notice', tone, title, text });
  };
  list.push(...badImagesNotice(dataset.badImages.length, dataset.images));
  list.push(...partNotice(dataset.subset, models.flatMap(wholeSentence)));
  const tied = models.filter(({ ties }) => ties.images > 0);
  if (tied.length > 0)
    add(
      tied.some(({ ties }) => ties.canChangeTop1 > 0) ? 'caution' : 'note',
      tied.length === 1
        ? `${tied[0]!.name}: tied scores on ${counted(tied[0]!.ties.images, 'image')}`
        : `Tied scores: ${joined(tied.map(({ name, ties }) => `${name} on ${counted(ties.images, 'image')}`))}`,
      `${tied.map((model) => (tied.length === 1 ? capital(tiesSpread(model)) : `${model.name}: ${tiesSpread(model)}`)).join('. ')}. Ties go to the ${
        run.ties === 'lowest-index' ? 'lowest' : 'highest'
      } class index.`,
    );
  for (const model of models) {
    if (model.invalid > 0)
      add(
        'caution',
        `${model.name}: NaN scores on ${counted(model.invalid, 'image')}`,
        'They count as wrong.',
      );
    if (model.batchInvariant === false)
      add(
        'note',
        `${model.name}: scores depend on the batch size`,
        `The figures hold for batches of ${count(run.batch)}.`,
      );
  }
  for (const warning of run.warnings) add('note', 'Warning', warning);
  return list;
}

/** How far ties could move a model's figures. */
function tiesSpread({ ties, images }: ModelSummary): string {
  const decimals = decimalsFor(images);
  const share = (correct: number): string => ((100 * correct) / Math.max(1, images)).toFixed(decimals);
  const spread = (name: string, bounds: { lowest: number; highest: number }): string =>
    bounds.lowest === bounds.highest
      ? `${name} is the same whichever class wins`
      : `${name} lies between ${share(bounds.lowest)} and ${share(bounds.highest)} % (${count(bounds.lowest)} to ${count(bounds.highest)} images)`;
  return `${spread('Top-1', ties.top1)}; ${spread('Top-5', ties.top5)}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `74.38 %`, or why there is none. */
export function documentedText(value: number | null | undefined): string {
  return value == null ? 'not documented' : published(value);
}

/**
 * What a report is called: the config's title, else the models and the set: `int8 against float, 1,000 images`.
 */
export function titleOf({ run, models, dataset }: Pick<Summary, 'run' | 'models' | 'dataset'>): string {
  if (run.title !== null) return run.title;
  return `${subjects(models.map(({ name, comparison }) => ({ name, against: comparison?.with ?? null })))}, ${counted(dataset.images, 'image')}${
    dataset.manifest === null ? '' : ` of ${dataset.manifest}`
  }`;
}

/** `int8 against float`; with several references, or none, the models' names. */
export function subjects(
  models: readonly { readonly name: string; readonly against: string | null }[],
): string {
  const compared = models.filter(({ against }) => against !== null);
  const references = [...new Set(compared.map(({ against }) => against))];
  const names = (some: typeof models): string => joined(some.map(({ name }) => name));
  return references.length === 1 ? `${names(compared)} against ${references[0]!}` : names(models);
}
