import type { ModelFacts } from '../record/provenance.js';
import { deviceText, runtimeText, type RuntimeIdentity } from '../record/runtime-identity.js';
import { count, counted } from './figures.js';

/** E.g. `3,488,228 parameters, opset 17, pytorch 2.7.1`. */
export function sizeText({ parameters, opset, producer }: ModelFacts): string {
  return [
    parameters === null ? 'number of parameters not stated' : `${count(parameters)} parameters`,
    ...(opset === null ? [] : [`opset ${opset}`]),
    producer === '' ? 'no producer named' : producer,
  ].join(', ');
}

/** E.g. `onnxruntime 1.30.0 on cpu, 1 thread a worker`. */
export function runtimeLine(runtime: RuntimeIdentity): string {
  const threads = runtime.threads === null ? '' : `, ${counted(runtime.threads, 'thread')} a worker`;
  return `${runtimeText(runtime)} on ${deviceText(runtime)}${threads}`;
}

/** E.g. `input scale 0.0078125, zero point 128; output scale 0.00390625, zero point 0`; null where neither is quantized. */
export function quantizationText({ inputQuantization, outputQuantization }: ModelFacts): string | null {
  const parts = [
    ['input', inputQuantization],
    ['output', outputQuantization],
  ] as const;
  const texts = parts.flatMap(([name, quantization]) =>
    quantization === null
      ? []
      : [`${name} scale ${quantization.scale}, zero point ${quantization.zeroPoint}`],
  );
  return texts.length === 0 ? null : texts.join('; ');
}
