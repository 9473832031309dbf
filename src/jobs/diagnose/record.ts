import { basename } from 'node:path';

import { tangoInterval } from '../../metrics/paired-interval.js';
import { dropImages, tableImages } from '../../metrics/paired.js';
import { rangeOf, type ActivationQuantizer, type Quantizer } from '../../model/graph/quantizers.js';
import type { DiagnosedLayer, DiagnosedModel, DiagnosedQuantizer } from '../../report/diagnosis-schema.js';
import { activationEvidence } from './evidence.js';
import {
  accuses,
  activationFault,
  activationSentence,
  lossOf,
  weightFault,
  weightLoss,
  weightSentence,
} from './faults.js';
import { wholeFindings } from './findings.js';
import type { PhaseResults } from './phase-results.js';
import type { Measured, Measurer } from './measurer.js';
import type { ObservedTensor } from './observe/observe.js';
import { decibels } from './ranges.js';
import type { Candidate } from './screening.js';
import type { Subject } from './subject.js';

/** What was found of a model, as diagnosis.json holds it. */
export function recordModel(subject: Subject, measurer: Measurer, results: PhaseResults): DiagnosedModel {
  const { float, int8, match, quantizers, layers } = subject;
  const { undisturbed, steps } = results;
  const recorder = new Recorder(subject, measurer, results);
  const recorded = quantizers.map((_, place) => recorder.quantizer(place));
  const file = ({ file: path, network }: Subject['float']): { file: string; sha256: string } => ({
    file: basename(path),
    sha256: network.sha256,
  });
  const state = (measured: Measured) => ({
    top1: correct(measurer, measured),
    agreement: measurer.agreement(results.float, measured).same,
    meanError: measurer.meanError(measured),
  });
  return {
    name: int8.config.name,
    ...file(int8),
    scheme: int8.facts.scheme,
    float: { name: float.config.name, ...file(float) },
    undisturbed: {
      images: measurer.agreement(results.float, undisturbed).images,
      floatTop1: correct(measurer, results.float),
      fused: state(results.fused),
      float: state(undisturbed),
      drop: recorder.drop(undisturbed),
    },
    findings: wholeFindings(subject, measurer, results, recorded),
    quantizers: ranked(recorded),
    layers: ranked(layers.map((_, place) => recorder.layer(place))),
    depth: results.observedTensors.flatMap(({ tensor, seen, operator }) => {
      const sqnr = seen?.noise == null ? null : decibels(seen.signal, seen.noise);
      return tensor.float === null || sqnr === null ? [] : [{ tensor: tensor.float, operator, sqnr }];
    }),
    unmatched: quantizers
      .filter((one) =>
        one.kind === 'activation'
          ? !match.tensors.has(one.source)
          : !match.constants.has(one.dequantize.outputs[0]!),
      )
      .map(({ source }) => source),
    restoration: steps.map(({ layer, quantizers: restored, measured }) => ({
      layer: layers[layer]!.name,
      floatNodes: [...layers[layer]!.floatNodes],
      quantizers: restored.map((place) => outputOf(quantizers[place]!)),
      ...recorder.drop(measured),
    })),
  };
}

/** Measured to the end first, then what was dropped, then what wasn't measured; each most costly first. */
function ranked<T extends { readonly cost: number | null; readonly dropped: boolean }>(
  list: readonly T[],
): T[] {
  const order = ({ cost, dropped }: T): number => (cost === null ? 2 : dropped ? 1 : 0);
  return [...list].sort((a, b) => order(a) - order(b) || (b.cost ?? 0) - (a.cost ?? 0));
}

function correct(measurer: Measurer, measured: Measured): number {
  const table = measurer.table(measured, measured);
  return table.bothCorrect;
}

/** Name in the int8 network of what a quantizer gives. */
export function outputOf(quantizer: Quantizer): string {
  if (quantizer.kind !== 'activation') return quantizer.dequantize.outputs[0]!;
  return quantizer.dequantize[0]?.outputs[0] ?? quantizer.outputs[0] ?? quantizer.source;
}

type CostFields = Pick<DiagnosedLayer, 'cost' | 'costInterval' | 'images' | 'agreement' | 'dropped'>;

class Recorder {
  private readonly observedTensors: ReadonlyMap<number | null, ObservedTensor>;
  private readonly layersOf: readonly string[][];

  constructor(
    private readonly subject: Subject,
    private readonly measurer: Measurer,
    private readonly results: PhaseResults,
  ) {
    this.observedTensors = new Map(
      results.observedTensors.map((seenTensor) => [seenTensor.quantizer, seenTensor]),
    );
    this.layersOf = subject.quantizers.map((_, place) =>
      subject.layers.filter(({ quantizers }) => quantizers.includes(place)).map(({ name }) => name),
    );
  }

  quantizer(place: number): DiagnosedQuantizer {
    const { quantizers, match } = this.subject;
    const quantizer = quantizers[place]!;
    const found =
      quantizer.kind === 'activation'
        ? match.tensors.get(quantizer.source)
        : match.constants.get(quantizer.dequantize.outputs[0]!);
    const tensor = found?.tensor ?? quantizer.source;
    const candidate = this.results.quantizers.get(place) ?? null;
    const cost = this.cost(candidate);
    const { grid } = quantizer;
    const single = grid.axis === null && grid.type !== 'unknown';
    const judged =
      quantizer.kind === 'activation'
        ? this.activation(quantizer, place, cost)
        : this.constant(place, tensor, cost);
    return {
      tensor,
      matchedBy: found?.by ?? null,
      kind: quantizer.kind,
      ...cost,
      alone: cost.cost === null ? null : this.drop(candidate!.measured),
      ...judged,
      mismatch: quantizer.kind === 'activation' ? quantizer.mismatch : null,
      notMeasured: cost.cost === null ? this.notMeasured(place) : null,
      int8: { source: quantizer.source, output: outputOf(quantizer) },
      type: grid.type,
      perChannel: grid.axis !== null,
      scale: single ? grid.scales[0]! : null,
      zeroPoint: single ? grid.zeroPoints[0]! : null,
      range: single ? rangeOf(grid) : null,
      layers: this.layersOf[place]!,
    };
  }

  layer(place: number): DiagnosedLayer {
    const { name, opType, floatNodes, quantizers } = this.subject.layers[place]!;
    return {
      name,
      operator: opType,
      floatNodes: [...floatNodes],
      tensors: quantizers.map((one) => outputOf(this.subject.quantizers[one]!)),
      ...this.cost(this.results.layers.get(place) ?? null),
    };
  }

  drop(measured: Measured): DiagnosedModel['undisturbed']['drop'] {
    const { float, undisturbed } = this.results;
    const table = this.measurer.table(float, measured);
    const images = tableImages(table);
    const { lower, upper } = tangoInterval(table);
    return {
      images,
      top1: table.bothCorrect + table.candidateOnly,
      floatTop1: table.bothCorrect + table.referenceOnly,
      points: images === 0 ? 0 : (100 * dropImages(table)) / images,
      interval: [100 * lower, 100 * upper],
      errorLeft: 1 - this.measurer.share(undisturbed, measured).share,
    };
  }

  private cost(candidate: Candidate | null): CostFields {
    const { float, undisturbed } = this.results;
    const none = { cost: null, costInterval: null, images: 0, agreement: null, dropped: false };
    if (candidate === null || candidate.measured.shown === 0) return none;
    const { measured, dropped } = candidate;
    const { share, interval, images } = this.measurer.share(undisturbed, measured);
    const { wonBack, lost } = this.measurer.flips(float, undisturbed, measured);
    const after = this.measurer.agreement(float, measured).same;
    return {
      cost: share,
      costInterval: [Math.max(interval.lower, -1e6), interval.upper],
      images,
      agreement: { before: after - wonBack + lost, after, wonBack, lost },
      dropped,
    };
  }

  private notMeasured(place: number): string {
    const quantizer = this.subject.quantizers[place]!;
    if (quantizer.fixed !== null) return quantizer.fixed;
    if (quantizer.kind === 'activation') return 'stopped before its turn';
    if (!this.subject.match.constants.has(quantizer.dequantize.outputs[0]!))
      return 'the float network has no constant that is it, so there is nothing to put in its place';
    const sqnr = this.results.constants[place]?.seen.sqnr ?? null;
    return sqnr === null || quantizer.kind === 'bias'
      ? `its stored values are ${sqnr === null ? 'the float ones' : `within ${sqnr.toFixed(0)} dB of the float ones`}`
      : 'stopped before its turn';
  }

  private activation(
    quantizer: ActivationQuantizer,
    place: number,
    cost: CostFields,
  ): Pick<DiagnosedQuantizer, 'fault' | 'sentence' | 'foldedLimits' | 'sqnr' | 'observed' | 'weights'> {
    const seenTensor = this.observedTensors.get(place) ?? null;
    const evidence = activationEvidence(this.subject, quantizer, seenTensor, this.results.observedImages);
    const fault = activationFault(evidence);
    const folded = this.subject.match.tensors.get(quantizer.source)?.folded ?? null;
    const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
    const accused =
      fault !== null && accuses(lossOf(evidence), evidence.mismatch !== null, cost.costInterval?.[0] ?? null);
    return {
      fault: accused ? fault : null,
      sentence: activationSentence(evidence),
      foldedLimits: folded === null ? null : { min: finite(folded.min), max: finite(folded.max) },
      sqnr: seenTensor?.seen?.noise == null ? null : decibels(seenTensor.seen.signal, seenTensor.seen.noise),
      observed: evidence.seen,
      weights: null,
    };
  }

  private constant(
    place: number,
    tensor: string,
    cost: CostFields,
  ): Pick<DiagnosedQuantizer, 'fault' | 'sentence' | 'foldedLimits' | 'sqnr' | 'observed' | 'weights'> {
    const found = this.results.constants[place] ?? null;
    const fault = found === null ? null : weightFault(tensor, found);
    const accused = fault !== null && accuses(weightLoss(found!), false, cost.costInterval?.[0] ?? null);
    return {
      fault: accused ? fault : null,
      sentence:
        found === null ? `${tensor} was not found in the float network.` : weightSentence(tensor, found),
      foldedLimits: null,
      sqnr: found?.seen.sqnr ?? null,
      observed: null,
      weights: found?.seen ?? null,
    };
  }
}
