import { Kernel } from '../kernel.js';
import { axesOf, type AxisMaker } from './axis.js';
import type { Resize } from './resampler.js';
import type { TapTable } from './taps.js';
import { acrossFirst, type SeparableKernel } from './two-passes.js';

const kernel = new Kernel<SeparableKernel>(new URL('../../wasm/separable-float.wasm', import.meta.url));

/** The resize by tables of floats: float32 sums, horizontal pass first, rounded half to even and clipped once at the end. */
export function convolveFloat(tables: AxisMaker<TapTable>): (...to: Parameters<Resize>) => Uint8Array {
  return (source, size, window) =>
    acrossFirst(kernel, 4, source, window, ...axesOf(tables, tables, source, size, window));
}
