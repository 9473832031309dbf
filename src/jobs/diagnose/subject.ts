import { basename } from 'node:path';

import { modelNamed, type Config, type ModelConfig } from '../../config/config.js';
import { ConfigError, ModelError } from '../../domain/errors.js';
import { correspondence, type Correspondence } from '../../model/graph/correspondence.js';
import { OnnxGraph } from '../../model/graph/graph.js';
import { layersOf, type Layer } from '../../model/graph/layers.js';
import {
  findQuantizers,
  isQuantize,
  type ActivationQuantizer,
  type Quantizer,
} from '../../model/graph/quantizers.js';
import { restoring, type Restoration } from '../../model/graph/restore.js';
import { writeGraph, type GraphEdit } from '../../model/graph/write.js';
import { openModel, type OpenModel } from '../run/open-models.js';

/** A quantized network and the float network that it was made from. */
export interface Subject {
  readonly float: OpenModel;
  readonly int8: OpenModel;
  readonly floatBytes: SharedArrayBuffer;
  readonly int8Bytes: SharedArrayBuffer;
  readonly floatGraph: OnnxGraph;
  readonly int8Graph: OnnxGraph;
  readonly quantizers: readonly Quantizer[];
  readonly match: Correspondence;
  readonly layers: readonly Layer[];
}

/**
 * The models that can be diagnosed: the one that is named, else every one with `compare_with`.
 * @throws ConfigError where there is none, or none of that name
 */
export function modelsToDiagnose(config: Config, name: string | null): ModelConfig[] {
  if (name !== null) {
    const model = modelNamed(name, config.models, config.file);
    if (model.compareWith === null) throw noFloatModel(config, `"${name}" has no compare_with`);
    return [model];
  }
  const models = config.models.filter(({ compareWith }) => compareWith !== null);
  if (models.length === 0) throw noFloatModel(config, 'no model has a compare_with');
  return models;
}

function noFloatModel(config: Config, what: string): ConfigError {
  return new ConfigError({
    code: 'no-float-model',
    what: `${what}: a diagnosis compares a quantized network with the float network that it was made from`,
    where: config.file,
    remedy: 'Add the float model to `models` and set `compare_with: ITS-NAME` for the quantized one.',
  });
}

/** Opens both networks and finds in each other what belongs together. @throws ModelError where it has no Q/DQ */
export async function openSubject(config: Config, model: ModelConfig, classes: number): Promise<Subject> {
  const reference = config.models.find(({ name }) => name === model.compareWith);
  if (reference === undefined)
    throw noFloatModel(config, `"${model.name}" is compared with a model that is not there`);
  const float = await openModel(reference, classes);
  const int8 = await openModel(model, classes, [float]);
  const floatBytes = onnxBytes(float);
  const int8Bytes = onnxBytes(int8);
  const int8Graph = new OnnxGraph(new Uint8Array(int8Bytes), placeOf(int8));
  const floatGraph = new OnnxGraph(new Uint8Array(floatBytes), placeOf(float));
  if (floatGraph.nodes.some(isQuantize))
    throw new ModelError({
      code: 'reference-quantized',
      what: `the model that it is compared with is quantized itself (${float.facts.scheme})`,
      where: placeOf(float),
      remedy: `Set compare_with of "${model.name}" to the float network that it was made from.`,
    });
  const quantizers = exactInputs(findQuantizers(int8Graph), int8);
  const match = correspondence(floatGraph, int8Graph, quantizers);
  const layers = layersOf(int8Graph, quantizers, match);
  const subject = { float, int8, floatBytes, int8Bytes, floatGraph, int8Graph, quantizers, match, layers };
  if (quantizers.every((_, place) => restorationOf(subject, place) === null)) throw withoutQdq(subject);
  return subject;
}

function placeOf({ config, file }: OpenModel): string {
  return `${config.name} (${basename(file)})`;
}

function onnxBytes(model: OpenModel): SharedArrayBuffer {
  if (model.plan.runtime === 'onnxruntime') {
    if (model.plan.bytes !== null) return model.plan.bytes;
    throw new ModelError({
      code: 'external-data',
      what: 'the weights lie in other files than the ONNX file, and a diagnosis takes the network from one file apart',
      where: placeOf(model),
      remedy: 'Save it as one file: onnx.save(onnx.load(path), path, save_as_external_data=False).',
    });
  }
  throw new ModelError({
    code: 'not-onnx',
    what: 'a diagnosis takes networks of ONNX apart, and this one is run by another runtime',
    where: placeOf(model),
    remedy: 'Convert it with tf2onnx (python -m tf2onnx.convert), which keeps its quantizers as Q/DQ.',
  });
}

function withoutQdq({ int8: model, int8Graph: graph, quantizers }: Subject): ModelError {
  const where = placeOf(model);
  const operators = [
    ...new Set(
      graph.nodes
        .map(({ opType }) => opType)
        .filter((type) => /^QLinear|Integer$|^DynamicQuantize|NBits$/.test(type)),
    ),
  ];
  if (operators.length > 0) {
    const form = operators.some((type) => type.startsWith('QLinear')) ? 'QOperator' : 'integer operator';
    return new ModelError({
      code: 'qoperator-model',
      what: `the model is of the ${form} form (${operators.slice(0, 4).join(', ')}): its quantizers are inside its operators and can't be taken out one by one`,
      where,
      remedy:
        'Quantize in the QDQ form, which computes the same: quantize_static(..., quant_format=QuantFormat.QDQ) in onnxruntime.quantization.',
    });
  }
  return new ModelError({
    code: 'no-quantizers',
    what:
      quantizers.length === 0
        ? `the model has no QuantizeLinear or DequantizeLinear (${model.facts.scheme}): there is nothing to diagnose`
        : `none of the ${quantizers.length} quantizers of the model can be taken out (${quantizers[0]!.fixed ?? 'the float network has no constant that is it'})`,
    where,
    remedy: 'Name the quantized model with --model, and the float one in its compare_with.',
  });
}

/** Levels that the graph's input takes as the image's own bytes lose nothing. */
function exactInputs(quantizers: readonly Quantizer[], { facts }: OpenModel): Quantizer[] {
  return quantizers.map((quantizer) =>
    quantizer.kind === 'activation' && quantizer.quantize === null && facts.tensor.quantization === null
      ? { ...quantizer, fixed: "the input takes the image's bytes as they are: nothing is lost here" }
      : quantizer,
  );
}

/** How a quantizer is taken out; null where it can't be. */
export function restorationOf({ quantizers, match }: Subject, place: number): Restoration | null {
  const quantizer = quantizers[place]!;
  if (quantizer.fixed !== null) return null;
  if (quantizer.kind === 'activation') return { quantizer, limits: limitsAt(quantizer, match) };
  const found = match.constants.get(quantizer.dequantize.outputs[0]!);
  if (found !== undefined) return { quantizer, values: found.values };
  return quantizer.quantize === null ? null : { quantizer, values: null };
}

/**
 * Limits that stay when a quantizer goes: those of the activation function that the float network has there. Where the float
 * tensor isn't known, a range that begins at zero may stand for a Relu, so that limit stays.
 */
function limitsAt(
  quantizer: ActivationQuantizer,
  match: Correspondence,
): { min: number; max: number } | null {
  const found = match.tensors.get(quantizer.source);
  if (found !== undefined) return found.folded;
  const { lowest, zeroPoints } = quantizer.grid;
  return zeroPoints[0] === lowest ? { min: 0, max: Infinity } : null;
}

/** What takes quantizers out of the int8 network. */
export function restoringEdit(subject: Subject, places: readonly number[]): GraphEdit {
  const { int8Graph, quantizers } = subject;
  const restorations = places.flatMap((place) => restorationOf(subject, place) ?? []);
  const activations = quantizers.filter((one): one is ActivationQuantizer => one.kind === 'activation');
  return restoring(int8Graph, restorations, activations);
}

/** The int8 network with quantizers taken out, as an ONNX file. */
export function withRestored(subject: Subject, places: readonly number[]): Uint8Array {
  return writeGraph(subject.int8Graph, restoringEdit(subject, places));
}

/** Whether the network with these taken out has a float input where the file has integers. */
export function takesFloat({ quantizers }: Subject, places: readonly number[]): boolean {
  return places.some((place) => {
    const one = quantizers[place]!;
    return one.kind === 'activation' && one.quantize === null && one.fixed === null;
  });
}

export function sharedCopy(bytes: Uint8Array): SharedArrayBuffer {
  const shared = new SharedArrayBuffer(bytes.length);
  new Uint8Array(shared).set(bytes);
  return shared;
}
