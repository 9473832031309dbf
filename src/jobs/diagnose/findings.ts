import type { DiagnosedModel, DiagnosedQuantizer } from '../../report/diagnosis-schema.js';
import { recipeLabel } from '../../config/recipes/recipe-label.js';
import { figure } from './faults.js';
import type { Measurer } from './measurer.js';
import type { PhaseResults } from './phase-results.js';
import type { Subject } from './subject.js';

type Finding = DiagnosedModel['findings'][number];

/** Ranges of inputs that networks are fed by mistake, and how one comes to them. */
const commonRanges = [
  { low: 0, high: 1, words: '0 to 1 (pixels divided by 255)' },
  { low: -1, high: 1, words: '-1 to 1' },
  { low: 0, high: 255, words: '0 to 255 (pixels as they are)' },
] as const;

/** Share of clipped values from which on a quantizer counts as clipping. */
const CLIPPED = 0.01;

/** What is wrong with the int8 network as a whole, most telling first. */
export function wholeFindings(
  subject: Subject,
  measurer: Measurer,
  results: PhaseResults,
  quantizers: readonly DiagnosedQuantizer[],
): Finding[] {
  return [
    ...calibration(subject, quantizers),
    ...recipes(subject),
    ...clipping(quantizers),
    ...output(subject, quantizers),
    ...arithmetic(measurer, results),
  ];
}

/** The input's quantizer was calibrated on other inputs than the float network is fed. */
function calibration(subject: Subject, quantizers: readonly DiagnosedQuantizer[]): Finding[] {
  const input = subject.int8Graph.inputs[0]?.name;
  const first = quantizers.find(({ int8, kind }) => kind === 'activation' && int8.source === input);
  if (first?.range == null || first.observed?.in !== 'float') return [];
  const { range, observed } = first;
  const width = range.high - range.low;
  const fed = observed.max - observed.min;
  const near = (a: number, b: number): boolean => Math.abs(a - b) < 0.03 * width;
  const known = commonRanges.find(({ low, high }) => near(range.low, low) && near(range.high, high));
  const clipped = observed.clippedBelow + observed.clippedAbove;
  if (clipped < 0.02 && fed > width / 4) return [];
  const fits = commonRanges.find(
    ({ low, high }) =>
      Math.abs(observed.min - low) < 0.05 * fed && Math.abs(observed.max - high) < 0.05 * fed,
  );
  const narrow = clipped >= 0.02;
  return [
    {
      code: 'calibrated-on-other-inputs',
      sentence:
        `The network was calibrated on other inputs than the float network is fed: its input's quantizer holds ${known?.words ?? `${figure(range.low)} to ${figure(range.high)}`}, ` +
        `the float network's input goes from ${figure(observed.min)} to ${figure(observed.max)}${fits === undefined ? '' : ` (${fits.words})`}` +
        `${narrow ? `, and ${(100 * clipped).toFixed(0)} % of it is clipped` : ''}. ` +
        `Calibrate again with the recipe of "${subject.float.config.name}" (${recipeLabel(subject.float.recipe)}): every range after the input is of those inputs too.`,
    },
  ];
}

/** The two networks are fed by different recipes. */
function recipes({ float, int8 }: Subject): Finding[] {
  if (JSON.stringify(float.recipe.normalize) === JSON.stringify(int8.recipe.normalize)) return [];
  if (int8.facts.tensor.dtype !== 'float32' || float.facts.tensor.dtype !== 'float32') return [];
  return [
    {
      code: 'recipes-differ',
      sentence: `The networks are fed different values: "${float.config.name}" by ${recipeLabel(float.recipe)}, "${int8.config.name}" by ${recipeLabel(int8.recipe)}. Unless the int8 network scales its input itself, this is part of the error, and no quantizer is to blame for it.`,
    },
  ];
}

/** Many quantizers clip: not one is broken, the calibration is. */
function clipping(quantizers: readonly DiagnosedQuantizer[]): Finding[] {
  const seen = quantizers.filter(({ observed }) => observed !== null && observed.in === 'float');
  const clipped = seen.filter(({ observed }) => observed!.clippedBelow + observed!.clippedAbove > CLIPPED);
  if (seen.length < 8 || clipped.length < 0.2 * seen.length) return [];
  return [
    {
      code: 'many-clip',
      sentence: `${clipped.length} of ${seen.length} activation quantizers clip more than ${100 * CLIPPED} % of the float network's values: the calibration as a whole saw smaller values than the images of this data set give (other preprocessing, too few images, or percentiles too tight).`,
    },
  ];
}

/** The scores themselves saturate. */
function output({ int8Graph, int8 }: Subject, quantizers: readonly DiagnosedQuantizer[]): Finding[] {
  const makes = new Set([
    int8.facts.outputName,
    ...int8Graph.nodes
      .filter(({ outputs }) => outputs.includes(int8.facts.outputName))
      .flatMap(({ inputs }) => inputs),
  ]);
  const last = quantizers.find(
    ({ kind, int8: names }) => kind === 'activation' && (makes.has(names.output) || makes.has(names.source)),
  );
  const observed = last?.observed;
  if (observed?.in !== 'float' || last?.range == null || observed.clippedAbove < 0.0005) return [];
  return [
    {
      code: 'saturated-output',
      sentence: `The scores saturate: the output's quantizer ends at ${figure(last.range.high)}, the float network's scores reach ${figure(observed.max)}; ${(100 * observed.clippedAbove).toFixed(2)} % of all scores, the highest ones, become equal and tie.`,
    },
  ];
}

/** An ordinary run computes with integer kernels; where that alone costs accuracy no quantizer is to blame. */
function arithmetic(measurer: Measurer, { float, fused, undisturbed }: PhaseResults): Finding[] {
  const integer = measurer.meanError(fused);
  const simulated = measurer.meanError(undisturbed);
  const kept = { fused: measurer.agreement(float, fused), float: measurer.agreement(float, undisturbed) };
  const apart = kept.float.same - kept.fused.same;
  if (integer < 1.5 * simulated || apart < 0.02 * kept.float.images) return [];
  return [
    {
      code: 'integer-kernels',
      sentence: `The integer kernels of an ordinary run lose more than the quantizers do: ${kept.fused.same} of ${kept.fused.images} images agree with the float network, ${kept.float.same} where the same Q/DQ are computed in float.`,
    },
  ];
}
