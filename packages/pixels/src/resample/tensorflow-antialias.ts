import { axesOf } from './axis.js';
import { resampler } from './resampler.js';
import { tapTables, type Taps } from './taps.js';
import { downFirst } from './two-passes.js';

const f32 = Math.fround;

/** The span of one output pixel: a triangle as wide as the output pixel, each operation in float32. */
function spanOf(from: number, to: number, index: number): Taps {
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

const tables = tapTables('f32', spanOf);

/**
 * `tf.image.resize(method='bilinear', antialias=True)` of bytes (core/kernels/image/scale_and_translate_op.cc):
 * float32 sums, the vertical pass first; floats out.
 */
export const tensorflowAntialias = resampler(
  'tensorflow-bilinear-antialias',
  'float32',
  (source, size, window) =>
    new Float32Array(
      downFirst('f32', source, window, ...axesOf(tables, tables, source, size, window)).buffer,
    ),
);
