import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

import { openGraph } from '../../src/runtime/onnxruntime/graph.js';
import { correspondence } from '../../src/model/graph/correspondence.js';
import { OnnxGraph } from '../../src/model/graph/graph.js';
import { layersOf } from '../../src/model/graph/layers.js';
import { onnx } from '../../src/model/graph/messages.js';
import { floatTensor, nodeProto, renamedTensor, rewired } from '../../src/model/graph/protos.js';
import { valuesOf } from '../../src/model/graph/values.js';
import { findQuantizers, type ActivationQuantizer } from '../../src/model/graph/quantizers.js';
import { restoring, type Restoration } from '../../src/model/graph/restore.js';
import { bytesField, concatenate, readFields, textField } from '../../src/model/graph/wire.js';
import { noEdit, writeGraph } from '../../src/model/graph/write.js';
import { describeWithShared } from '../shared.js';

const demo = (name: string): Uint8Array =>
  readFileSync(fileURLToPath(new URL(`../../demo/${name}.onnx`, import.meta.url)));

function restoreAll(float: OnnxGraph, int8: OnnxGraph): Uint8Array {
  const quantizers = findQuantizers(int8);
  const match = correspondence(float, int8, quantizers);
  const activations = quantizers.filter((q): q is ActivationQuantizer => q.kind === 'activation');
  const restorations = quantizers.flatMap((quantizer): Restoration[] => {
    if (quantizer.kind === 'activation')
      return [{ quantizer, limits: match.tensors.get(quantizer.source)?.folded ?? null }];
    const constant = match.constants.get(quantizer.dequantize.outputs[0]!);
    return constant === undefined ? [] : [{ quantizer, values: constant.values }];
  });
  return writeGraph(int8, restoring(int8, restorations, activations));
}

/** The same network with every tensor called `other/...`; `negated`: with other weights too. */
function renamed(graph: OnnxGraph, weights: 'same' | 'negated' = 'same'): Uint8Array {
  const other = (name: string): string => (name === '' ? '' : `other/${name}`);
  return writeGraph(graph, {
    ...noEdit,
    nodes: new Map(
      graph.nodes.map((node) => [
        node.index,
        [rewired(node, { inputs: node.inputs.map(other), outputs: node.outputs.map(other) })],
      ]),
    ),
    initializers: new Map(
      [...graph.initializers.values()].map((tensor) => {
        const values = tensor.dataType === 1 && weights === 'negated' ? valuesOf(tensor) : null;
        const name = other(tensor.name);
        const made =
          values === null
            ? renamedTensor(tensor, name)
            : floatTensor(
                name,
                tensor.dims,
                Float32Array.from(values, (value, i) => (i % 2 === 0 ? -value : value)),
              );
        return [name, made];
      }),
    ),
    values: new Map(
      [...graph.inputs, ...graph.outputs].map(({ name, field }) => [
        name,
        concatenate(
          readFields(field.value).map(({ number, raw }) =>
            number === onnx.value.name ? textField(onnx.value.name, other(name)) : raw,
          ),
        ),
      ]),
    ),
    retyped: new Set([...graph.producers.keys()]),
  });
}

async function scores(bytes: Uint8Array, dims: number[], arithmetic: 'float' | 'fused'): Promise<number[]> {
  const session = await openGraph(bytes, 'test', arithmetic);
  const data = Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i / 7) * 2);
  const [output] = session.outputs;
  const given = new Map([[session.inputs[0]!, { data, dims }]]);
  const result = (await session.run(given, [output!])).get(output!)!;
  await session.release();
  return [...result.data];
}

describe('an ONNX graph', () => {
  it('is written without a change as the same bytes', () => {
    for (const name of ['demo_float', 'demo_qdq_int8']) {
      const bytes = demo(name);
      expect(Buffer.compare(writeGraph(new OnnxGraph(bytes, name)), bytes)).toBe(0);
    }
  });

  it('keeps fields that no schema knows where another node is edited', () => {
    const unknown = textField(999, 'from the future');
    const graphWithUnknown = readFields(demo('demo_qdq_int8')).map((field) =>
      field.number === onnx.model.graph
        ? bytesField(
            onnx.model.graph,
            concatenate([
              ...readFields(field.value).map(({ number, value, raw }) =>
                number === onnx.graph.node ? bytesField(number, concatenate([value, unknown])) : raw,
              ),
              unknown,
            ]),
          )
        : field.raw,
    );
    const graph = new OnnxGraph(concatenate([...graphWithUnknown, unknown]), 'future');
    const count = (bytes: Uint8Array): number =>
      Buffer.from(bytes).toString('latin1').split('from the future').length - 1;
    const before = count(writeGraph(graph));
    expect(before).toBe(graph.nodes.length + 2);
    expect(count(writeGraph(graph, { ...noEdit, nodes: new Map([[0, []]]) }))).toBe(before - 1);
  });

  it('that is no ONNX file is refused by name', () => {
    expect(() => new OnnxGraph(Buffer.from('<html>not found</html>'), 'page.onnx')).toThrow(
      /not an ONNX model/,
    );
  });

  it('of the demo has each quantizer found, matched by name and held by a layer', () => {
    const float = new OnnxGraph(demo('demo_float'), 'float');
    const int8 = new OnnxGraph(demo('demo_qdq_int8'), 'int8');
    const quantizers = findQuantizers(int8);
    const match = correspondence(float, int8, quantizers);
    const quantize = int8.nodes.filter(({ opType }) => opType === 'QuantizeLinear').length;
    expect(quantizers.filter(({ kind }) => kind === 'activation')).toHaveLength(quantize);
    expect(match.tensors.size).toBe(
      new Set(quantizers.filter((q) => q.kind === 'activation').map((q) => q.source)).size,
    );
    expect(match.constants.size).toBe(quantizers.filter(({ kind }) => kind !== 'activation').length);
    const held = new Set(layersOf(int8, quantizers, match).flatMap((layer) => layer.quantizers));
    expect(held.size).toBe(quantizers.length);
  });

  it('whose tensors all have other names is matched by structure, constants included', () => {
    const int8 = new OnnxGraph(demo('demo_qdq_int8'), 'int8');
    const quantizers = findQuantizers(int8);
    const original = new OnnxGraph(demo('demo_float'), 'float');
    const byName = correspondence(original, int8, quantizers);
    const byStructure = correspondence(new OnnxGraph(renamed(original), 'renamed'), int8, quantizers);
    const tensors = (match: typeof byName): string[] =>
      [...match.tensors].map(([source, { tensor, folded }]) => `${source} ${tensor} ${folded?.max ?? ''}`);
    const constants = (match: typeof byName): string[] =>
      [...match.constants].map(([output, { tensor }]) => `${output} ${tensor}`).sort();
    expect(tensors(byStructure)).toEqual(tensors(byName).map((line) => line.replace(' ', ' other/')));
    expect(constants(byStructure)).toEqual(constants(byName).map((line) => line.replace(' ', ' other/')));
    expect([...byStructure.tensors.values()].every(({ by }) => by === 'structure')).toBe(true);
  });

  it('that keeps the limits which a quantizer before them holds already is judged by what comes after them', () => {
    const float = new OnnxGraph(demo('demo_float'), 'float');
    const folded = new OnnxGraph(demo('demo_qdq_int8'), 'int8');
    const before = correspondence(float, folded, findQuantizers(folded));
    const [source, { tensor, foldedNode }] = [...before.tensors].find(
      ([, { folded: limits }]) => limits !== null,
    )!;
    const quantizer = findQuantizers(folded).find((one) => one.source === source) as ActivationQuantizer;
    const [dequantize] = quantizer.dequantize;
    const [output] = dequantize!.outputs;
    // As onnxruntime's quantizer names it where it leaves the limits in.
    const conv = foldedNode!.inputs[0]!;
    const maker = folded.producers.get(source)!;
    const { quantize } = quantizer;
    const kept = new OnnxGraph(
      writeGraph(folded, {
        ...noEdit,
        nodes: new Map([
          [maker.index, [rewired(maker, { outputs: [conv] })]],
          [quantize!.index, [rewired(quantize!, { inputs: [conv, ...quantize!.inputs.slice(1)] })]],
          [
            dequantize!.index,
            [
              rewired(dequantize!, { outputs: ['before the limits'] }),
              nodeProto({ name: 'kept', opType: 'Relu', inputs: ['before the limits'], outputs: [output!] }),
            ],
          ],
        ]),
      }),
      'kept',
    );
    const match = correspondence(float, kept, findQuantizers(kept)).tensors.get(conv)!;
    expect(match).toMatchObject({ tensor: conv, folded: null, holds: tensor });
  });

  it('has nothing matched by guess where another network is given as its float one', () => {
    const int8 = new OnnxGraph(demo('demo_qdq_int8'), 'int8');
    const quantizers = findQuantizers(int8);
    const float = new OnnxGraph(renamed(new OnnxGraph(demo('demo_float'), 'float'), 'negated'), 'other');
    const match = correspondence(float, int8, quantizers);
    expect(match.constants.size).toBe(0);
    const inner = [...match.tensors.keys()].filter((name) => int8.producers.get(name)?.opType === 'Conv');
    expect(inner).toEqual([]);
  });

  it('with every quantizer of the demo taken out computes what the float network does, to the bit', async () => {
    const float = demo('demo_float');
    const restored = restoreAll(new OnnxGraph(float, 'float'), new OnnxGraph(demo('demo_qdq_int8'), 'int8'));
    const dims = [1, 3, 64, 64];
    expect(await scores(restored, dims, 'float')).toEqual(await scores(float, dims, 'float'));
    expect(await scores(demo('demo_qdq_int8'), dims, 'float')).not.toEqual(
      await scores(float, dims, 'float'),
    );
  });
});

describeWithShared('a graph of real tools', (dir) => {
  it('is written as the same bytes, and without quantizers computes in float what the float network does', async () => {
    const file = (name: string): Uint8Array => readFileSync(`${dir}models/${name}.onnx`);
    const int8 = new OnnxGraph(file('hardnet39ds_qdq_int8'), 'int8');
    expect(Buffer.compare(writeGraph(int8), file('hardnet39ds_qdq_int8'))).toBe(0);
    const restored = restoreAll(new OnnxGraph(file('hardnet39ds'), 'float'), int8);
    const dims = [1, 3, 224, 224];
    expect(await scores(restored, dims, 'float')).toEqual(await scores(file('hardnet39ds'), dims, 'float'));
  });

  it('whose levels meet in a Concat can have each of its quantizers taken out alone', async () => {
    const bytes = readFileSync(`${dir}models/hardnet39ds_badcal_int8.onnx`);
    const graph = new OnnxGraph(bytes, 'tf2onnx');
    const all = findQuantizers(graph).filter((q): q is ActivationQuantizer => q.kind === 'activation');
    expect(all.every(({ fixed }) => fixed === null)).toBe(true);
    const meeting = all.find(({ through }) => through.some(({ opType }) => opType === 'Concat'))!;
    const edited = writeGraph(graph, restoring(graph, [{ quantizer: meeting, limits: null }], all));
    const dims = [1, 3, 224, 224];
    const before = await scores(bytes, dims, 'float');
    const after = await scores(edited, dims, 'float');
    expect(after).toHaveLength(1000);
    expect(after).not.toEqual(before);
  });
});
