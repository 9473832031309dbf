import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openGraph } from '../../src/runtime/onnxruntime/graph.js';
import { saturates } from '../../src/runtime/onnxruntime/integer-products.js';
import { withUnsignedWeights } from '../../src/runtime/onnxruntime/unsigned-weights.js';

it.each([
  ['x64', ['avx2', 'fma'], true],
  ['x64', ['avx2', 'avx512f', 'avx512_vnni'], false],
  ['x64', ['avx2', 'avx_vnni'], false],
  ['x64', [], true],
  ['arm64', ['asimd'], false],
])('%s with %j: sums of uint8 x int8 saturate: %s', (arch, flags, expected) => {
  expect(saturates(arch, flags)).toBe(expected);
});

it('a network whose sums 16 bits cannot hold computes on integers what it computes on floats', async () => {
  const bytes = readFileSync(new URL('../fixtures/networks/large-products.onnx', import.meta.url));
  const input = { data: new Float32Array(3 * 64 * 64).fill(1), dims: [1, 3, 64, 64] };
  const output = async (arithmetic: 'float' | 'fused'): Promise<number> => {
    const graph = await openGraph(new Uint8Array(bytes), 'large products', arithmetic);
    const found = await graph.run(new Map([['input', input]]), ['output']);
    await graph.release();
    return found.get('output')!.data[0]!;
  };
  expect(await output('float')).toBeCloseTo(12, 5);
  expect(await output('fused')).toBe(await output('float'));
});

it('the weights of a network as uint8 compute what they compute as int8', async () => {
  const bytes = new Uint8Array(readFileSync(new URL('../../demo/demo_qdq_int8.onnx', import.meta.url)));
  const unsigned = withUnsignedWeights(bytes, 'demo');
  expect(Buffer.compare(unsigned, bytes)).not.toBe(0);
  const data = Float32Array.from({ length: 3 * 64 * 64 }, (_, i) => Math.sin(i));
  const scores = async (file: Uint8Array): Promise<unknown> => {
    const graph = await openGraph(file, 'demo', 'fused');
    const [input] = graph.inputs;
    const found = await graph.run(new Map([[input!, { data, dims: [1, 3, 64, 64] }]]), graph.outputs);
    await graph.release();
    return [...found.values()];
  };
  expect(await scores(unsigned)).toEqual(await scores(bytes));
});
