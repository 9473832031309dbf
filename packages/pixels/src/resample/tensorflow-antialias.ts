import { Kernel } from '../kernel.js';
import { remembered, type AxisMaker } from './axis-memory.js';
import type { Resampler } from './resampler.js';
import { floatTable, type FloatTaps } from './separable-float.js';
import { writeTable, type TapTable } from './two-passes.js';
import { assertInside, bytesOf, cut, sameSize } from './window.js';

interface GatherKernel {
  readonly gatherRows: (
    source: number,
    stride: number,
    width: number,
    table: number,
    count: number,
    taps: number,
    target: number,
    targetStride: number,
  ) => void;
  readonly gatherColumns: (
    source: number,
    stride: number,
    rows: number,
    table: number,
    count: number,
    taps: number,
    target: number,
  ) => void;
}

const kernel = new Kernel<GatherKernel>(new URL('../../wasm/tensorflow.wasm', import.meta.url));

const f32 = Math.fround;

/** The span of one output pixel: a triangle as wide as the output pixel, each operation in float32. */
function spanOf(from: number, to: number, index: number): FloatTaps {
  const inverse = f32(1 / f32(to / from));
  const widening = Math.max(inverse, 1);
  const narrowing = f32(1 / widening);
  const sample = f32((index + 0.5) * inverse);
  const inside = (pixel: number) => Math.min(Math.max(pixel, 0), from - 1);
  const first = inside(Math.ceil(f32(f32(sample - widening) - 0.5)));
  const last = inside(Math.floor(f32(f32(sample + widening) - 0.5)));
  const values: number[] = [];
  let sum = 0;
  for (let pixel = first; pixel <= last; pixel++) {
    const distance = Math.abs(f32(f32(pixel + 0.5 - sample) * narrowing));
    const value = distance < 1 ? f32(1 - distance) : 0;
    values.push(value);
    sum = f32(sum + value);
  }
  const share = f32(1 / sum);
  return { first, weights: values.map((value) => f32(value * share)) };
}

const tableOf: AxisMaker<TapTable> = remembered((from, to, start, count) =>
  floatTable(Array.from({ length: count }, (_, i) => spanOf(from, to, start + i))),
);

/**
 * `tf.image.resize(method='bilinear', antialias=True)` of bytes (core/kernels/image/scale_and_translate_op.cc):
 * float32 sums, the vertical pass first; floats out.
 */
export const tensorflowAntialias: Resampler = {
  output: 'float32',
  resample(source, size, window) {
    const data = bytesOf(source, 'tensorflow-bilinear-antialias');
    assertInside(window, size);
    const { width, height } = window;
    if (sameSize(source, size)) return { width, height, data: Float32Array.from(cut(source, window).data) };
    const across = tableOf(source.width, size.width, window.left, width);
    const down = tableOf(source.height, size.height, window.top, height);
    const rows = down.end - down.first;
    const values = (across.end - across.first) * 3;
    const middleStride = Math.ceil((values + 8) / 4) * 16;
    const { bytes, addresses } = kernel.reserve(
      values * rows,
      down.entries.byteLength,
      middleStride * height,
      across.entries.byteLength,
      width * height * 12,
    );
    const [room, downTable, middle, acrossTable, target] = addresses as [
      number,
      number,
      number,
      number,
      number,
    ];
    for (let y = 0; y < rows; y++) {
      const start = ((down.first + y) * source.width + across.first) * 3;
      bytes.set(data.subarray(start, start + values), room + y * values);
    }
    writeTable(bytes, downTable, down, values);
    writeTable(bytes, acrossTable, across, 12);
    kernel.call.gatherRows(room, values, values, downTable, height, down.reach, middle, middleStride);
    kernel.call.gatherColumns(middle, middleStride, height, acrossTable, width, across.reach, target);
    return { width, height, data: new Float32Array(bytes.buffer, target, width * height * 3).slice() };
  },
};
